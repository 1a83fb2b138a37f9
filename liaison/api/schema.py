"""The OpenAPI 3.1 document: what drf-spectacular reads from the views, completed with what every endpoint shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from liaison.api.examples import add_examples
from liaison.api.paging import LARGEST_PAGE, PAGE_SIZE
from liaison.api.problems import CONTENT_TYPE, PROBLEMS, problem_body
from liaison.api.webhooks import webhooks_section
from liaison.permissions import SCOPE_PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

#: First part of an address → heading of its group in the document.
_TAGS = {"hotline": "12345热线"}
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_EVERYWHERE = (
    "not_authenticated",
    "invalid_token",
    "client_disabled",
    "invalid_signature",
    "unknown_algorithm",
    "clock_skew",
    "nonce_used",
    "address_not_allowed",
    "not_acceptable",
    "rate_limited",
    "internal_error",
)
_WITH_BODY = ("wrong_json", "not_utf8", "invalid_input", "too_large", "unsupported_media_type")
_ON_WRITES = ("invalid_idempotency_key", "idempotency_in_flight", "idempotency_key_reused")

_HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Policy": {
        "description": '配额：q 为次数，w 为秒数，例如 "client";q=600;w=60',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": '余量：r 为剩余次数，t 为几秒后重新计数，例如 "client";r=598;t=31',
        "schema": {"type": "string"},
    },
    "X-Request-ID": {"description": "请求编号，报障时请提供", "schema": {"type": "string"}},
    "Retry-After": {"description": "几秒后再试", "schema": {"type": "integer"}},
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "错误说明（RFC 9457）。程序按 code 判断，detail 给人看。",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "description": "这类错误的说明页"},
        "title": {"type": "string", "description": "这类错误的名称"},
        "status": {"type": "integer", "description": "HTTP 状态码"},
        "code": {"type": "string", "description": "稳定的错误代码"},
        "detail": {"type": "string", "description": "这一次错在哪里、怎么办"},
        "request_id": {"type": "string", "description": "请求编号"},
        "errors": {
            "type": "array",
            "description": "逐项的错误",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "请求体中的位置（JSON Pointer，RFC 6901）"},
                    "code": {"type": "string", "description": "required、wrong_type、unknown_field 等"},
                    "detail": {"type": "string", "description": "怎么改"},
                },
            },
        },
    },
}


class ClientAutoSchema(AutoSchema):
    """How a ``ClientAPIView`` is described. Words come from ``extend_schema`` only: docstrings are English."""

    view: Any  # a ClientAPIView

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular takes no arguments
        return ""

    def get_tags(self) -> list[str]:
        return [_TAGS.get(tag, tag) for tag in super().get_tags()]

    def get_auth(self) -> list[dict[str, list[str]]]:
        permission = self.view.permissions.get(self.method)
        scopes = [scope for scope, needed in SCOPE_PERMISSIONS.items() if needed == permission]
        return [{"oauth2": scopes}, {"signature": []}]

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = []
        if self.method in WRITES:
            found.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                    OpenApiParameter.HEADER,
                    description="幂等键（1至255个可见ASCII字符），24小时内同一个键重发得到同一个应答。",
                )
            )
        if self.view.paged and self.method == "GET":
            found += [
                OpenApiParameter(
                    "cursor",
                    {"type": "string", "pattern": "^[A-Za-z0-9_=-]*$"},
                    description="从哪里读起：上一次应答中的 cursor。",
                ),
                OpenApiParameter(
                    "limit",
                    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
                    description=f"一页几条，1至{LARGEST_PAGE}，默认{PAGE_SIZE}。",
                ),
            ]
        return found

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        body: dict[str, Any] | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        return body and {**body, "required": True}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        shared = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS if name != "Retry-After"}
        for body in bodies.values():
            body.setdefault("headers", {}).update(shared)
            body["description"] = body.get("description") or "成功"
            if found := self.view.links.get(self.method):
                body["links"] = dict(found)
        for status, answer in _answers(self._codes()).items():
            bodies.setdefault(status, answer)
        return bodies

    def _codes(self) -> list[str]:
        codes = [*_EVERYWHERE]
        if self.view.permissions.get(self.method) is not None:
            codes.append("insufficient_scope")
        if "{" in self.path:
            codes.append("not_found")
        if self.method in WRITES:
            codes += [*_ON_WRITES, *(_WITH_BODY if self.method != "DELETE" else ())]
        if self.view.paged and self.method == "GET":
            codes += ["invalid_cursor", "invalid_input"]
        return list(dict.fromkeys([*codes, *self.view.problems.get(self.method, ())]))


def _answers(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Status → answer, with an example of each code."""
    found: dict[str, dict[str, Any]] = {}
    for code in codes:
        problem = PROBLEMS[code]
        answer = found.setdefault(
            str(problem.status),
            {
                "description": "",
                "content": {
                    CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}},
                },
            },
        )
        answer["description"] += ("；" if answer["description"] else "") + problem.title
        answer["content"][CONTENT_TYPE]["examples"][code] = {"summary": problem.title, "value": problem_example(code)}
        if code in {"rate_limited", "idempotency_in_flight"}:
            answer["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return dict(sorted(found.items()))


def problem_example(code: str) -> dict[str, Any]:
    """A whole problem document of this code."""
    body = problem_body(code)
    if code == "invalid_input":
        body["errors"] = [{"pointer": "/title", "code": "required", "detail": "该字段是必填项。"}]
    return {**body, "request_id": "0f8e6c1b2a9d4c3f8b7a6d5e4c3b2a19"}


def _token_path() -> dict[str, Any]:
    """The token endpoint is the OAuth library's view, so it is described here."""
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "const": "client_credentials"},
            "scope": {"type": "string", "description": "空格分隔；不填得到全部权限范围"},
            "client_id": {"type": "string", "description": "不用 HTTP Basic 时填"},
            "client_secret": {"type": "string", "description": "不用 HTTP Basic 时填"},
        },
    }
    token = {
        "type": "object",
        "required": ["access_token", "expires_in", "token_type", "scope"],
        "properties": {
            "access_token": {"type": "string"},
            "expires_in": {"type": "integer", "description": "几秒后过期"},
            "token_type": {"type": "string", "const": "Bearer"},
            "scope": {"type": "string"},
        },
    }
    example = {
        "access_token": "V7m2…",
        "expires_in": 3600,
        "token_type": "Bearer",
        "scope": "hotline.orders:read hotline.orders:write",
    }
    refusals = {}
    codes = ("invalid_request", "unsupported_grant_type", "invalid_scope", "invalid_client", "client_disabled")
    for status, answer in _answers((*codes, "address_not_allowed")).items():
        (content,) = answer["content"].values()
        for code, told in content["examples"].items():
            told["value"] = {**told["value"], "error": code}
        refusals[status] = {"description": answer["description"], "content": {"application/json": content}}
    others = _answers(("method_not_allowed", "unsupported_media_type", "rate_limited", "internal_error"))
    return {
        "post": {
            "operationId": "token",
            "summary": "换取令牌",
            "description": "OAuth 2.0 客户端凭据方式（RFC 6749 第4.4节）。客户端编号和密钥放在 HTTP Basic 里，"
            "也可以放在表单里。令牌一小时有效，到期前重新换取；密钥吊销或客户端停用时令牌立即失效。",
            "tags": ["身份"],
            "security": [],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": form}},
            },
            "responses": {
                "200": {
                    "description": "令牌",
                    "content": {"application/json": {"schema": token, "examples": {"ok": {"value": example}}}},
                },
                **refusals,
                **others,
            },
        }
    }


def complete(result: dict[str, Any], generator: Any, request: Any, public: Any) -> dict[str, Any]:
    """What no single view says: how one signs in, what a problem looks like, where the server is."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["headers"] = _HEADERS
    components["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "description": "客户端凭据方式换取的令牌，放在 Authorization: Bearer 头。",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": f"{settings.PUBLIC_BASE_URL}/api/v1/oauth/token",
                    "scopes": {scope: permission.label for scope, permission in SCOPE_PERMISSIONS.items()},
                }
            },
        },
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Signature",
            "description": "不支持 OAuth 的平台用请求签名：另带 X-Client-Id、X-Timestamp、X-Nonce、"
            "X-Signature-Algorithm（HMAC-SHA256 或 HMAC-SM3），算法见接口文档。",
        },
    }
    result["servers"] = [{"url": settings.PUBLIC_BASE_URL, "description": "本平台"}]
    result["paths"] = {"/api/v1/oauth/token": _token_path(), **result.get("paths", {})}
    result["webhooks"] = webhooks_section()
    add_examples(result)
    return result
