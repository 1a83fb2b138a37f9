"""A whole example of every body in the document, put together from the examples of its fields.

A field of an answer that has none takes that of a field of the same name elsewhere in the document.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

#: Stands in the document for a value that has no example of its own.
_BY_FORMAT = {
    "date-time": "2026-11-20T09:12:00+08:00",
    "date": "2026-11-20",
    "uuid": "6f0e8c52-3b1d-4d0b-9a53-0f3c2a4d5e6f",
    "uri": "https://files.example.gov.cn/20261120/1.jpg",
}
_BY_TYPE: Json = {"string": "…", "integer": 1, "number": 1, "boolean": True, "null": None}
_MISSING = object()


def add_examples(document: Json) -> None:
    """Give each JSON body of a request or a success that has no example of its own a whole one."""
    known: Json = {}
    _gather(document, known)
    for methods in document["paths"].values():
        for told in methods.values():
            bodies = [told.get("requestBody", {})]
            bodies += [answer for status, answer in told["responses"].items() if status.startswith("2")]
            for body in bodies:
                content = body.get("content", {}).get("application/json")
                if content and "examples" not in content and "example" not in content:
                    value = _value(document, content["schema"], "", known)
                    content["examples"] = {"whole": {"summary": "例子", "value": value}}


def _gather(part: Any, known: Json) -> None:
    """Name → the first example of a field of that name."""
    if isinstance(part, list):
        for one in part:
            _gather(one, known)
    elif isinstance(part, dict):
        for name, field in part.get("properties", {}).items():
            if isinstance(field, dict) and field.get("examples"):
                known.setdefault(name, field["examples"][0])
        for one in part.values():
            _gather(one, known)


def _value(document: Json, schema: Json, name: str, known: Json) -> Any:
    """A value that fits a schema: its own example, else one made of its parts.

    Fields that may be left out and have no example are left out.
    """
    schema = _resolved(document, schema)
    given = schema.get("examples") or ([schema["const"]] if "const" in schema else schema.get("enum"))
    if given:
        return given[0]
    kind = schema.get("type", "object" if "properties" in schema else "")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "object":
        return _object(document, schema, known)
    if kind == "array":
        item = _value(document, schema.get("items", {}), name, known)
        return [] if item is _MISSING else [item]
    if kind == "string" and isinstance(known.get(name), str):
        return known[name]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(kind, _MISSING))


def _object(document: Json, schema: Json, known: Json) -> Json:
    required = schema.get("required", ())
    found = {}
    for name, inner in schema.get("properties", {}).items():
        if name in required or _has_example(document, inner):
            value = _value(document, inner, name, known)
            if value is not _MISSING:
                found[name] = value
    return found


def _has_example(document: Json, schema: Json) -> bool:
    schema = _resolved(document, schema)
    if "examples" in schema:
        return True
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if schema.get("items") else [])]
    return any(_has_example(document, one) for one in inner)


def _resolved(document: Json, schema: Json) -> Json:
    """What a ``$ref`` points to; of several ways the first."""
    while True:
        if "$ref" in schema:
            target: Json = document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
            continue
        ways = next((schema[name] for name in ("oneOf", "anyOf", "allOf") if schema.get(name)), None)
        if ways is None or "properties" in schema:
            return schema
        schema = ways[0]
