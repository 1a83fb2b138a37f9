"""The file of a holiday notice (放假通知): read whole, or refused whole with line numbers. Pure.

The format is that of ``liaison/data/holidays_2020_2026.csv``::

    date,name,is_off_day,paper_year,paper
    2026-10-01,国庆节,1,2026,https://www.gov.cn/…
    2026-10-10,国庆节,0,2026,https://www.gov.cn/…

one line a day that the notice names as off (1), or as a working day (0: as a rule a Saturday or Sunday).
``paper_year`` is the year of the notice, ``paper`` its address.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from liaison.calendar import FIRST_YEAR, LAST_YEAR

HEADER: Final = ("date", "name", "is_off_day", "paper_year", "paper")
MOST_BYTES: Final = 200 * 1024
MOST_NAME: Final = 40
MOST_URL: Final = 300
MOST_MESSAGES: Final = 50
#: Named by every yearly notice; a file without one of them is asked about, not refused.
FEASTS: Final = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """One day of the file."""

    line: int
    date: dt.date
    name: str
    is_off: bool
    year: int
    source_url: str


class MalformedFile(Exception):
    """The file is refused; ``problems`` are (line number, what is wrong), line 0 for the file as a whole."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems

    @property
    def messages(self) -> list[str]:
        """One sentence a problem, with its line; of very many, the first ``MOST_MESSAGES``."""
        shown = [f"第{line}行：{text}" if line else text for line, text in self.problems[:MOST_MESSAGES]]
        rest = len(self.problems) - len(shown)
        return [*shown, f"另有{rest}处"] if rest else shown


def notice_url_problem(url: str) -> str:
    """Why this cannot be the address of an official notice; "" when it can."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "通知网址格式不对"
    if parts.scheme not in {"http", "https"} or not host or any(character.isspace() for character in url):
        return "通知网址应以 http:// 或 https:// 开头"
    if not (host == "gov.cn" or host.endswith(".gov.cn")):
        return "通知网址应是政府网站（gov.cn）上的放假通知"
    return "" if len(url) <= MOST_URL else f"通知网址超过{MOST_URL}个字符"


def read_holidays(data: bytes) -> list[HolidayLine]:
    """All lines of the file, by date.

    Args:
        data: the file; UTF-8 or, as saved by Excel and WPS, GB18030.

    Raises:
        MalformedFile: anything is wrong anywhere.
    """
    if len(data) > MOST_BYTES:
        raise MalformedFile([(0, f"文件超过{MOST_BYTES // 1024} KB，不像是放假安排表。")])
    reader = csv.reader(io.StringIO(_decode(data), newline=""))
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        raise MalformedFile([(reader.line_num, "引号或分隔符不对，无法读取")]) from None
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise MalformedFile([(0, "文件是空的。")])
    if tuple(rows[0][1]) != HEADER:
        raise MalformedFile([(rows[0][0], f"表头应为 {','.join(HEADER)}")])
    if len(rows) == 1:
        raise MalformedFile([(0, "文件只有表头，没有日期。")])
    lines: dict[dt.date, HolidayLine] = {}
    problems: list[tuple[int, str]] = []
    for number, row in rows[1:]:
        found = _read_line(number, row)
        if isinstance(found, HolidayLine):
            first = lines.setdefault(found.date, found)
            if first is not found:
                problems.append((number, f"{found.date} 与第{first.line}行重复"))
        else:
            problems += [(number, text) for text in found]
    if problems:
        raise MalformedFile(sorted(problems))
    return sorted(lines.values(), key=lambda line: line.date)


def missing_feasts(lines: list[HolidayLine]) -> dict[int, list[str]]:
    """Notice year → holidays that its lines do not name; years that name all are left out."""
    missing: dict[int, list[str]] = {}
    for year in sorted({line.year for line in lines}):
        names = " ".join(line.name for line in lines if line.year == year)
        lacking = [feast for feast in FEASTS if feast not in names]
        if lacking:
            missing[year] = lacking
    return missing


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise MalformedFile([(0, "文件不是文本，请另存为 CSV 后再上传。")])


def _read_line(number: int, row: list[str]) -> HolidayLine | list[str]:
    """The line, or everything that is wrong with it."""
    if len(row) != len(HEADER):
        return [f"应有{len(HEADER)}列，实有{len(row)}列"]
    date_text, name, off_text, year_text, url = row
    date, year = _date(date_text), _year(year_text)
    problems = []
    if date is None:
        problems.append(f"日期“{date_text}”不对，应如 2026-10-01")
    if not 1 <= len(name) <= MOST_NAME:
        problems.append(f"名称应为1至{MOST_NAME}个字")
    if off_text not in {"0", "1"}:
        problems.append(f"is_off_day 应为 1（休息）或 0（上班），实为“{off_text}”")
    if year is None:
        problems.append(f"通知年份“{year_text}”不对，应为{FIRST_YEAR}至{LAST_YEAR}")
    if date and year and abs(date.year - year) > 1:
        problems.append(f"{date} 不会出现在{year}年的通知里")
    if url_problem := notice_url_problem(url):
        problems.append(url_problem)
    if problems or date is None or year is None:
        return problems
    return HolidayLine(number, date, name, off_text == "1", year, url)


def _date(text: str) -> dt.date | None:
    """2026-10-01, or 2026/10/1 as Excel writes it."""
    parts = text.replace("/", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    try:
        date = dt.date(*map(int, parts))
    except ValueError:
        return None
    return date if FIRST_YEAR <= date.year <= LAST_YEAR else None


def _year(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        return None
    return int(text) if FIRST_YEAR <= int(text) <= LAST_YEAR else None
