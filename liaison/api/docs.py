"""The OpenAPI document as a page for people: operations, fields and errors as flat rows for the template."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from liaison.api.problems import PROBLEMS, Problem

METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a body or one parameter."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One status of an operation."""

    status: str
    text: str
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    scopes: str
    parameters: list[FieldRow] = field(default_factory=list)
    request: list[FieldRow] = field(default_factory=list)
    request_example: str = ""
    response: list[FieldRow] = field(default_factory=list)
    response_example: str = ""
    answers: list[AnswerRow] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """Operations of one tag."""

    name: str
    operations: list[Operation] = field(default_factory=list)


def groups_of(schema: dict[str, Any]) -> list[Group]:
    """Every operation of the document, by tag, in its order."""
    found: dict[str, Group] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or ["其他"])[0]
                group = found.setdefault(tag, Group(tag))
                group.operations.append(_operation(schema, path, method, methods[method]))
    return list(found.values())


def problem_groups() -> list[tuple[int, list[Problem]]]:
    """Every code, by status."""
    statuses = sorted({problem.status for problem in PROBLEMS.values()})
    return [(status, [one for one in PROBLEMS.values() if one.status == status]) for status in statuses]


def _operation(schema: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> Operation:
    scopes = next((" ".join(way["oauth2"]) for way in told.get("security", []) if "oauth2" in way), "")
    made = Operation(
        anchor=f"op-{told['operationId']}",
        method=method.upper(),
        path=path,
        summary=told.get("summary") or told["operationId"],
        description=told.get("description", ""),
        scopes=scopes,
    )
    for parameter in told.get("parameters", []):
        where = {"header": "请求头", "path": "地址", "query": "查询参数"}[parameter["in"]]
        kind = f"{where}，{_kind(schema, parameter.get('schema', {}))}"
        text = parameter.get("description", "")
        made.parameters.append(FieldRow(parameter["name"], kind, parameter.get("required", False), text))
    made.request, made.request_example = _content(schema, told.get("requestBody", {}).get("content", {}))
    for status, answer in sorted(told["responses"].items()):
        content = answer.get("content", {})
        if status.startswith("2"):
            made.response, made.response_example = _content(schema, content)
        codes = [code for kind in content.values() for code in kind.get("examples", {}) if code in PROBLEMS]
        made.answers.append(AnswerRow(status, answer.get("description", ""), tuple(codes)))
    return made


def _content(schema: dict[str, Any], content: dict[str, Any]) -> tuple[list[FieldRow], str]:
    """Fields of a body in each form it may have, and the example of the first."""
    rows: list[FieldRow] = []
    shown = ""
    for place, (media, told) in enumerate(content.items()):
        fields = _fields(schema, told.get("schema", {}))
        if place == 0:
            example = next((one.get("value") for one in told.get("examples", {}).values()), told.get("example"))
            shown = "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)
        else:
            fields = [replace(one, text=f"用 {media} 时：{one.text}") for one in fields]
        rows += fields
    return rows, shown


def _resolve(schema: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` (also one wrapped in ``allOf`` or ``oneOf``) points to."""
    for wrapper in ("allOf", "oneOf", "anyOf"):
        if told.get(wrapper):
            return {**_resolve(schema, told[wrapper][0]), **{k: v for k, v in told.items() if k != wrapper}}
    if "$ref" not in told:
        return told
    target: dict[str, Any] = schema
    for part in told["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return _resolve(schema, target)


def _fields(schema: dict[str, Any], told: dict[str, Any], before: str = "", depth: int = 0) -> list[FieldRow]:
    """The fields of an object, those of inner objects below it: ``orders[].title``."""
    told = _resolve(schema, told)
    if told.get("type") == "array":
        return _fields(schema, told.get("items", {}), f"{before}[]", depth)
    rows: list[FieldRow] = []
    for name, inner in told.get("properties", {}).items():
        full = f"{before}.{name}" if before else name
        value = _resolve(schema, inner)
        required = name in told.get("required", [])
        rows.append(FieldRow(full, _kind(schema, inner), required, value.get("description", "").replace("`", "")))
        items = _resolve(schema, value.get("items", {}))
        if depth < 3 and "properties" in value:
            rows += _fields(schema, value, full, depth + 1)
        elif depth < 3 and "properties" in items:
            rows += _fields(schema, items, f"{full}[]", depth + 1)
    return rows


_KINDS = {
    "string": "字符串",
    "integer": "整数",
    "number": "数字",
    "boolean": "布尔值",
    "array": "数组",
    "object": "对象",
    "null": "空",
}
_FORMATS = {"date-time": "时间", "date": "日期", "uuid": "UUID", "uri": "网址", "binary": "文件", "email": "邮箱"}


def _kind(schema: dict[str, Any], told: dict[str, Any]) -> str:
    """What type a value has, with what bounds it."""
    told = _resolve(schema, told)
    types = told.get("type", "")
    names = [_KINDS.get(name, name) for name in ([types] if isinstance(types, str) else types)]
    if told.get("format") in _FORMATS:
        names = [_FORMATS[told["format"]], *(name for name in names if name == _KINDS["null"])]
    kind = "或".join(name for name in names if name)
    bounds = []
    if "const" in told:
        bounds.append(f"固定为 {told['const']}")
    if told.get("enum"):
        bounds.append("可选 " + "、".join(str(one) for one in told["enum"] if one is not None))
    if "maxLength" in told:
        bounds.append(f"最多{told['maxLength']}字")
    return "，".join([kind, *bounds]) if kind else "，".join(bounds)
