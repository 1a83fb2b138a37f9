"""Reading a file of administrative divisions: every line is checked before anything is loaded.

Columns: ``code, code12, name, level, parent_code, kind, statistical_only`` (public statistics; UTF-8).
Codes are GB/T 2260 with six digits, and nine for townships; a code begins with its parent's digits.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Final

from liaison.exceptions import InvalidInput
from liaison.models.region import RegionKind, RegionLevel, prefix_of

COLUMNS: Final = ("code", "code12", "name", "level", "parent_code", "kind", "statistical_only")
#: Level → (pattern of its codes, in words, levels of the parent, kinds).
_RULES: Final[dict[str, tuple[str, str, frozenset[str], frozenset[str]]]] = {
    RegionLevel.PROVINCE: (r"[1-9]\d0000", "6位、以0000结尾", frozenset(), frozenset({RegionKind.PROVINCE})),
    RegionLevel.CITY: (
        r"[1-9]\d(?!00)\d\d00",
        "6位、以00结尾",
        frozenset({RegionLevel.PROVINCE}),
        frozenset({RegionKind.PREFECTURE}),
    ),
    RegionLevel.COUNTY: (
        r"[1-9]\d{3}(?!00)\d\d",
        "6位、不以00结尾",
        frozenset({RegionLevel.CITY}),
        frozenset({RegionKind.COUNTY}),
    ),
    RegionLevel.SPECIAL: (
        r"[1-9]\d{3}(?!00)\d\d",
        "6位、不以00结尾",
        frozenset({RegionLevel.CITY}),
        frozenset({RegionKind.STATISTICAL_ZONE}),
    ),
    RegionLevel.TOWNSHIP: (
        r"[1-9]\d{8}",
        "9位",
        frozenset({RegionLevel.COUNTY, RegionLevel.SPECIAL}),
        frozenset({RegionKind.TOWN, RegionKind.TOWNSHIP, RegionKind.SUBDISTRICT, RegionKind.QUASI}),
    ),
}
#: Parents come before children in this order.
LEVEL_ORDER: Final = {
    RegionLevel.PROVINCE: 0,
    RegionLevel.CITY: 1,
    RegionLevel.COUNTY: 2,
    RegionLevel.SPECIAL: 2,
    RegionLevel.TOWNSHIP: 3,
}


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One checked line."""

    line: int
    code: str
    name: str
    full_name: str
    level: str
    kind: str
    parent_code: str
    statistical_only: bool

    @property
    def prefix(self) -> str:
        return prefix_of(self.code)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line (the header is line 1)."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.reason}"


class RegionFileError(InvalidInput):
    """The file is refused whole; ``problems`` names every line that is wrong."""

    code = "region_file_malformed"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__(f"区划文件有{len(problems)}处错误，没有导入任何内容。")


def parse_regions(data: bytes) -> list[RegionRow]:
    """The rows of a file, parents before children.

    Args:
        data: the whole file.

    Raises:
        RegionFileError: anything at all is wrong with it.
    """
    rows, problems = _rows(_records(_decoded(data)))
    known = {row["code"]: row for row in rows}
    for row in rows:
        problems.extend(Problem(int(row["line"]), reason) for reason in _parent_problems(row, known))
    if problems:
        raise RegionFileError(problems)
    parsed: dict[str, RegionRow] = {}
    for row in sorted(rows, key=lambda each: (LEVEL_ORDER[RegionLevel(each["level"])], each["code"])):
        parsed[row["code"]] = RegionRow(
            line=int(row["line"]),
            code=row["code"],
            name=row["name"],
            full_name=_full_name(row["name"], row["level"], _ancestors(row, parsed)),
            level=row["level"],
            kind=row["kind"],
            parent_code=row["parent_code"],
            statistical_only=row["statistical_only"] == "1",
        )
    return list(parsed.values())


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = "不是UTF-8编码。请用Excel另存为“CSV UTF-8（逗号分隔）”后再导入。"
        raise RegionFileError([Problem(line, reason)]) from None


def _records(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = [(reader.line_num, [value.strip() for value in record]) for record in reader if record]
    except csv.Error:
        raise RegionFileError([Problem(reader.line_num, "引号不成对或有不能识别的字符，不是有效的CSV。")]) from None
    if not records:
        raise RegionFileError([Problem(1, "文件是空的。")])
    header = records[0][1]
    if sorted(header) != sorted(COLUMNS):
        missing = "、".join(name for name in COLUMNS if name not in header)
        unknown = "、".join(name or "（空）" for name in header if name not in COLUMNS)
        said = [f"缺少列{missing}" if missing else "", f"多出列{unknown}" if unknown else ""]
        reason = "；".join(part for part in said if part) or "列名重复"
        raise RegionFileError([Problem(1, f"表头不对：{reason}。应为 {','.join(COLUMNS)}。")])
    if len(records) == 1:
        raise RegionFileError([Problem(2, "只有表头，没有数据。")])
    return records


def _rows(records: list[tuple[int, list[str]]]) -> tuple[list[dict[str, str]], list[Problem]]:
    header = records[0][1]
    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, values in records[1:]:
        if len(values) != len(COLUMNS):
            problems.append(Problem(line, f"应有{len(COLUMNS)}列，实有{len(values)}列。"))
            continue
        row = dict(zip(header, values, strict=True)) | {"line": str(line)}
        if row["level"] == RegionLevel.PROVINCE and not row["kind"]:
            row["kind"] = RegionKind.PROVINCE.value
        problems.extend(Problem(line, reason) for reason in _own_problems(row))
        if row["code"] in seen:
            problems.append(Problem(line, f"代码{row['code']}与第{seen[row['code']]}行重复。"))
            continue
        seen[row["code"]] = line
        rows.append(row)
    return rows, problems


def _own_problems(row: dict[str, str]) -> list[str]:
    code, level, kind, name = row["code"], row["level"], row["kind"], row["name"]
    found: list[str] = []
    rule = _RULES.get(level)
    if rule is None:
        found.append(f"层级“{level}”不认识，应为 {'、'.join(_RULES)} 之一。")
    elif not re.fullmatch(rule[0], code, re.ASCII):
        found.append(f"代码“{code}”不对：{RegionLevel(level).label}代码应为{rule[1]}的数字。")
    if kind not in RegionKind.values:
        found.append(f"类别“{kind}”不认识，应为 {'、'.join(RegionKind.values)} 之一。")
    elif rule is not None and kind not in rule[3]:
        found.append(f"{RegionLevel(level).label}不能是“{RegionKind(kind).label}”。")
    if row["code12"] != code.ljust(12, "0"):
        found.append(f"12位代码“{row['code12']}”与代码“{code}”不一致。")
    if not name or len(name) > 60 or not name.isprintable():
        found.append("名称为空、超过60字或有不能显示的字符。")
    if row["statistical_only"] not in {"0", "1"}:
        found.append(f"“仅统计用”应为0或1，现为“{row['statistical_only']}”。")
    return found


def _parent_problems(row: dict[str, str], known: dict[str, dict[str, str]]) -> list[str]:
    code, parent_code, level = row["code"], row["parent_code"], row["level"]
    if level not in _RULES:
        return []
    parents = _RULES[level][2]
    if not parents:
        return [f"省级没有上级，现填了“{parent_code}”。"] if parent_code else []
    parent = known.get(parent_code)
    if parent is None:
        return [f"上级代码“{parent_code}”不在文件里。" if parent_code else "没有填上级代码。"]
    if parent["level"] not in parents:
        return [f"上级“{parent['name']}”的层级不对。"]
    if not code.startswith(prefix_of(parent_code)):
        return [f"代码{code}不在上级{parent_code}（{parent['name']}）之下。"]
    return []


def _ancestors(row: dict[str, str], parsed: dict[str, RegionRow]) -> list[RegionRow]:
    """From the province down to the parent."""
    found: list[RegionRow] = []
    code = row["parent_code"]
    while code:
        found.insert(0, parsed[code])
        code = parsed[code].parent_code
    return found


def _full_name(name: str, level: str, ancestors: list[RegionRow]) -> str:
    """湖南省益阳市赫山区…: the names from the province down.

    A zone of the statistics often begins with the names above it (益阳市大通湖管理区, 湖南益阳高新技术产业园区);
    those are not said twice.
    """
    if not ancestors:
        return name
    before = ancestors[-1].full_name
    if level == RegionLevel.SPECIAL:
        kept = [each.name for each in ancestors]
        for place, ancestor in enumerate(ancestors):
            if name.startswith((ancestor.name, re.sub("(省|市|自治区|自治州)$", "", ancestor.name))):
                kept = kept[:place]
                break
        before = "".join(kept)
    return f"{before}{name}"
