"""Every error of the API: one table of stable codes, and how an exception becomes problem+json (RFC 9457).

An upper package adds its own codes with ``add_problems`` in its ``AppConfig.ready()``; the schema, the page of
documentation and the answers all read this table.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse
from django.urls import reverse
from rest_framework import exceptions as rest

from liaison.api.pointers import FieldError, field_errors
from liaison.exceptions import DomainError, InvalidInput

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of error.

    Args:
        code: stable; programs decide by it.
        status: HTTP status.
        title: what happened, in a few words (Chinese).
        detail: what it means and what to do; an answer may say it more exactly.
        retry: whether the same request may succeed later.
    """

    code: str
    status: int
    title: str
    detail: str
    retry: bool = False


class ApiProblem(DomainError):
    """An error of the API itself, by its code in the table.

    Args:
        code: a code of ``PROBLEMS``.
        detail: the exact story; the table's when left out.
        errors: what is wrong with which part of the body.
        headers: further headers (``Retry-After``, ``WWW-Authenticate``, ``ETag``).
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        problem = PROBLEMS[code]
        super().__init__(detail or problem.detail, code=code)
        self.status = problem.status
        self.errors = list(errors)
        self.headers = dict(headers or {})


_KERNEL = (
    # who asks
    Problem("not_authenticated", 401, "没有身份凭据", "请求没有带令牌或签名。请先换取令牌，再放进 Authorization 头。"),
    Problem("invalid_client", 401, "客户端编号或密钥不对", "客户端编号不存在，或密钥不对、已过期、已被吊销。"),
    Problem("invalid_scope", 400, "权限范围不可用", "scope 中有这个客户端没有的权限范围。"),
    Problem("unsupported_grant_type", 400, "授权方式不支持", "grant_type 只支持 client_credentials。"),
    Problem("invalid_request", 400, "换取令牌的请求有误", "缺少参数、参数重复或格式不对。"),
    Problem("invalid_token", 401, "令牌无效", "令牌不存在、已过期或已被吊销。请重新换取令牌后再试。"),
    Problem("client_disabled", 401, "客户端已停用", "这个接口客户端已停用，令牌和签名都不再有效。请联系平台管理员。"),
    Problem("invalid_signature", 401, "签名不符", "签名与请求内容不符。请核对待签字符串、密钥和算法。"),
    Problem("unknown_algorithm", 401, "签名算法不支持", "只支持 HMAC-SHA256 和 HMAC-SM3。"),
    Problem("clock_skew", 401, "时间戳超出范围", "请求时间与平台时间相差超过5分钟。请校准服务器时钟后重新签名。"),
    Problem("nonce_used", 401, "随机数已用过", "这个随机数已经用过。每次请求（包括重试）都要换新的随机数重新签名。"),
    Problem("address_not_allowed", 403, "来源地址不允许", "请求来自名单以外的地址。请联系平台管理员登记出口地址。"),
    Problem("insufficient_scope", 403, "权限范围不足", "令牌没有这项操作所需的权限范围。"),
    Problem("not_allowed", 403, "不允许", "这个客户端不能做这项操作。"),
    # what is asked
    Problem("not_found", 404, "没有找到", "没有这个地址或这条记录，或者它不属于这个客户端。"),
    Problem("method_not_allowed", 405, "方法不允许", "这个地址不支持这种请求方法，可用的方法见 Allow 头。"),
    Problem("not_acceptable", 406, "不能按要求的格式应答", "接口只应答 application/json，请修改 Accept 头。"),
    Problem("unsupported_media_type", 415, "内容类型不支持", "请求体的 Content-Type 不受支持。"),
    # the body
    Problem("wrong_json", 400, "不是有效的JSON", "请求体不是有效的 JSON，没有做任何改动。"),
    Problem("not_utf8", 400, "不是UTF-8", "请求体或地址不是有效的 UTF-8 编码，没有做任何改动。"),
    Problem("bad_request", 400, "请求有误", "请求不符合 HTTP 或接口的基本要求。"),
    Problem("invalid_input", 400, "内容需要更正", "有内容缺失或不符合要求，errors 逐项说明；没有做任何改动。"),
    Problem(
        "invalid_cursor", 400, "翻页位置无效", "cursor 不能识别。请从第一页重新读取，cursor 只能使用平台返回的值。"
    ),
    Problem("too_large", 413, "请求体过大", "请求体超过上限。请分批发送。"),
    # order of changes
    Problem("rule_violated", 422, "不符合规则", "按业务规则不能这样做。"),
    Problem("illegal_transition", 409, "当前状态不能这样做", "按当前状态不能做这一步。请先读取最新状态。"),
    Problem("stale_version", 409, "版本已过时", "记录已有更新的版本。请重新读取后再试。"),
    Problem("precondition_failed", 412, "记录已变化", "If-Match 与现在的 ETag 不同，没有做任何改动。请重新读取。"),
    Problem("precondition_required", 428, "缺少 If-Match", "修改这条记录必须带 If-Match 头，值为读取时得到的 ETag。"),
    Problem("invalid_idempotency_key", 400, "幂等键有误", "Idempotency-Key 须为1至255个可见的ASCII字符。"),
    Problem(
        "idempotency_in_flight",
        409,
        "同一请求正在处理",
        "带这个幂等键的请求还在处理中。请按 Retry-After 稍后重试。",
        True,
    ),
    Problem(
        "idempotency_key_reused", 422, "幂等键已用于别的请求", "同一个幂等键不能用于内容不同的请求。请换一个新的键。"
    ),
    # how much, and us
    Problem("rate_limited", 429, "请求过于频繁", "超过每分钟的请求上限。请按 Retry-After 等待后再试。", True),
    Problem("internal_error", 500, "平台内部错误", "平台发生错误，已记录。带幂等键或版本号的写入可以原样重试。", True),
)

#: Code → problem, for every package.
PROBLEMS: dict[str, Problem] = {problem.code: problem for problem in _KERNEL}


def add_problems(*problems: Problem) -> None:
    """Add the codes of an upper package.

    Raises:
        ValueError: a code is there already and means something else.
    """
    for problem in problems:
        if PROBLEMS.setdefault(problem.code, problem) != problem:
            raise ValueError(f"the code {problem.code} has another meaning already")


def type_of(code: str) -> str:
    """Where a code is explained: its place on the page of documentation."""
    return f"{reverse('api:docs')}#problem-{code}"


@dataclass(slots=True)
class Answer:
    """What will be sent: filled from the exception."""

    code: str
    detail: str
    status: int
    errors: list[FieldError] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def problem_body(code: str, detail: str = "", *, status: int = 0, errors: Iterable[FieldError] = ()) -> dict[str, Any]:
    """The members of a problem document."""
    problem = PROBLEMS.get(code)
    body: dict[str, Any] = {
        "type": type_of(code) if problem is not None else "about:blank",
        "title": problem.title if problem is not None else code,
        "status": status or (problem.status if problem is not None else 422),
        "code": code,
        "detail": detail or (problem.detail if problem is not None else ""),
    }
    if found := [{"pointer": error.pointer, "code": error.code, "detail": error.detail} for error in errors]:
        body["errors"] = found
    return body


def answer_of(error: Exception) -> Answer | None:
    """What an exception means for the caller; None for one that nobody foresaw."""
    if isinstance(error, ApiProblem):
        return Answer(error.code, error.message, error.status, error.errors, error.headers)
    if isinstance(error, DomainError):
        errors = [
            FieldError(name if name.startswith("/") else f"/{name}", "invalid", text)
            for name, text in error.fields.items()
        ]
        code = "invalid_input" if isinstance(error, InvalidInput) and error.code not in PROBLEMS else error.code
        wait = getattr(error, "retry_after", None)
        headers = {"Retry-After": str(wait)} if wait else {}
        return Answer(code, error.message, error.status, errors, headers, getattr(error, "extra", {}))
    if isinstance(error, rest.ValidationError):
        return Answer("invalid_input", "", 400, field_errors(error.detail))
    known = next((code for kind, code in _FOREIGN if isinstance(error, kind)), None)
    return Answer(known, "", PROBLEMS[known].status) if known is not None else None


#: What Django and REST framework raise; the first line that fits.
_FOREIGN: tuple[tuple[type[Exception], str], ...] = (
    (rest.ParseError, "wrong_json"),
    (rest.NotAuthenticated, "not_authenticated"),
    (rest.AuthenticationFailed, "invalid_token"),
    (rest.PermissionDenied, "not_allowed"),
    (rest.NotFound, "not_found"),
    (rest.MethodNotAllowed, "method_not_allowed"),
    (rest.NotAcceptable, "not_acceptable"),
    (rest.UnsupportedMediaType, "unsupported_media_type"),
    (rest.APIException, "bad_request"),
    (Http404, "not_found"),
    (PermissionDenied, "not_allowed"),
    (RequestDataTooBig, "too_large"),
    (SuspiciousOperation, "bad_request"),
)


def problem_response(error: Exception, request: HttpRequest) -> HttpResponse:
    """The answer for an exception. One that nobody foresaw is logged and becomes ``internal_error``."""
    answer = answer_of(error)
    if answer is None:
        got_request_exception.send(sender=None, request=request)
        logger.exception("unforeseen error in %s %s", request.method, request.path, exc_info=error)
        answer = Answer("internal_error", "", 500)
    body = problem_body(answer.code, answer.detail, status=answer.status, errors=answer.errors)
    body |= {**answer.extra, "request_id": getattr(request, "request_id", "")}
    response = JsonResponse(
        body, status=answer.status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    for name, value in answer.headers.items():
        response[name] = value
    response.problem = answer  # type: ignore[attr-defined]
    return response
