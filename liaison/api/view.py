"""``ClientAPIView``: what every endpoint for machine clients extends.

A view of an upper package, whole::

    class OrderView(ClientAPIView):
        \"\"\"One work order.\"\"\"

        permissions = {"GET": P.HOTLINE_ORDERS_READ, "PUT": P.HOTLINE_ORDERS_WRITE}
        problems = {"PUT": ("unknown_region",)}            # beyond those that every endpoint has

        @extend_schema(summary="报送一件工单", description="……", request=OrderIn, responses=OrderOut)
        def put(self, request, order_no):
            facts = self.read(OrderIn)                     # checked values, or problem+json by JSON pointer
            order, created = order_put(actor=self.actor, order_no=order_no, facts=facts)   # ONE service
            return self.answer(shown(order), status=201 if created else 200, etag=order.version)

        @extend_schema(summary="读取一件工单", responses=OrderOut)
        def get(self, request, order_no):
            order = get_order_for(self.actor, order_no)    # NotFound when it is another client's
            return self.answer(shown(order), etag=order.version)     # 304 for If-None-Match

Summary and description are Chinese and stand in ``extend_schema``, examples too; docstrings are for us. Errors, how
one signs in, rate limits and the idempotency key are added to the document by themselves.

A list (set ``paged = True``): ``return self.page(orders_of(self.actor), show=shown, order=("id",))``.
A change under ``If-Match``: ``require_match(request, etag_of(order.version))`` on the locked row.

In order, before the handler: method, ``Accept``, size of the body, who asks (token or signature), from which
address, how often, and whether the scopes permit this method. Any exception becomes problem+json; a
``DomainError`` of a service goes out under its own code. A write with ``Idempotency-Key`` runs in ONE
transaction with the record of its answer; the handler does not notice. Every handler that writes must therefore
raise, not return, what went wrong, and must not open a ``durable`` transaction.

``self.actor`` is an ``Actor`` of kind CLIENT; ``self.caller`` the client's facts. There is no session and no user.
Routes stand in the package's ``urls_api.py``, without a slash at the end, each with a name; each needs a row in
``tests/access`` (``"anonymous": 401, "others": 401``).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import unquote

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import RawPostDataException
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from liaison.api.authentication import actor_of, authenticate
from liaison.api.etags import etag_of, is_unchanged
from liaison.api.idempotency import run_once
from liaison.api.limits import NOTED_LIMIT, count_caller
from liaison.api.paging import cursor_page
from liaison.api.parsers import StrictJSONParser
from liaison.api.problems import ApiProblem, problem_response
from liaison.limits import NotCounted, within
from liaison.masking import mask_text
from liaison.network import client_ip
from liaison.paging import is_storable
from liaison.selectors.actors import at_address
from liaison.services.client_use import client_used, error_note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import Model, QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import Serializer

    from liaison.actor import Actor
    from liaison.permissions import Permission
    from liaison.selectors.client import Caller

logger = logging.getLogger(__name__)

M = TypeVar("M", bound="Model")

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ClientAPIView(APIView):
    """An endpoint for machine clients; see the module's docstring for a whole example.

    Attributes:
        permissions: method → the permission it needs, None for every client; a method that is missing does not
            exist (405).
        problems: method → codes that this endpoint may answer beyond those of every endpoint, for the schema.
        paged: whether its GET is a list by cursor, for the schema.
        links: method → name → where one may go on from its good answer (``liaison.api.links``), for the schema.
        max_body: largest JSON body in bytes; None for ``settings.API_BODY_MAX_BYTES``.
        max_upload: for a view that takes a form with files (``multipart/form-data``, read as ``request.data`` and
            ``request.FILES``): largest whole request in bytes. None: JSON only.
    """

    permissions: ClassVar[Mapping[str, Permission | None]] = {}
    problems: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    paged: ClassVar[bool] = False
    links: ClassVar[Mapping[str, Mapping[str, dict[str, Any]]]] = {}
    max_body: ClassVar[int | None] = None
    max_upload: ClassVar[int | None] = None

    caller: Caller | None = None
    actor: Actor

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view function, saying who may enter (``access``)."""
        view = super().as_view(**initkwargs)
        view.access = tuple(cls.permissions.values()) or None  # type: ignore[attr-defined]
        return view

    @property
    def allowed_methods(self) -> list[str]:
        """Those with a permission and a handler, and HEAD with GET."""
        names = [name for name in self.permissions if hasattr(self, name.lower())]
        return [*names, "HEAD"] if "GET" in names else names

    # ── for handlers ─────────────────────────────────────────────────────────────────────────────
    def read(self, serializer: type[Serializer[Any]], **kwargs: Any) -> dict[str, Any]:
        """The checked values of the body.

        Args:
            serializer: a ``StrictSerializer``; ``self.actor`` is in its context as ``actor``.

        Raises:
            ValidationError: answered as ``invalid_input`` with JSON pointers.
        """
        found = serializer(data=self.request.data, context={"actor": self.actor, "request": self.request}, **kwargs)
        found.is_valid(raise_exception=True)
        values: dict[str, Any] = found.validated_data
        return values

    def answer(
        self,
        data: Any = None,
        *,
        status: int = 200,
        etag: int | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """A JSON answer; 204 without a body for ``data=None``.

        Args:
            data: JSON values (datetimes, dates, UUIDs and Decimals are written as REST framework writes them).
            etag: the record's version; a GET with the same ``If-None-Match`` gets 304.
        """
        if data is None and status == 200:
            status = 204
        if etag is not None and self.request.method in {"GET", "HEAD"} and is_unchanged(self.request, etag_of(etag)):
            return HttpResponse(status=304, headers={"ETag": etag_of(etag)})
        response = HttpResponse(
            b"" if data is None else JSONRenderer().render(data), status=status, content_type="application/json"
        )
        if etag is not None:
            response["ETag"] = etag_of(etag)
        for name, value in (headers or {}).items():
            response[name] = value
        return response

    def page(
        self,
        queryset: QuerySet[M],
        *,
        show: Callable[[M], dict[str, Any]],
        order: Sequence[str] = ("id",),
        nullable: Sequence[str] = (),
    ) -> HttpResponse:
        """One page of a list (see ``liaison.api.paging.cursor_page``)."""
        body, headers = cursor_page(self.request, queryset, show=show, order=order, nullable=nullable)
        return self.answer(body, headers=headers)

    # ── how a request is answered ────────────────────────────────────────────────────────────────
    def get_parsers(self) -> list[Any]:
        return [StrictJSONParser(), *([MultiPartParser()] if self.max_upload is not None else [])]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The whole way of a request, from the first check to the headers of the answer."""
        self.args, self.kwargs, self.format_kwarg = args, kwargs, None
        rest_request = self.initialize_request(request, *args, **kwargs)
        self.request = rest_request
        self.headers: dict[str, str] = {}
        try:
            handler = self._handler(rest_request)
            self.perform_content_negotiation(rest_request)
            self._admit(request)
            response = self._run(rest_request, handler)
        except Exception as error:  # every one becomes problem+json
            response = self._refuse(request, error)
        for name, value in self.headers.items():
            response[name] = value
        response["Cache-Control"] = "no-store"
        return response

    def _handler(self, request: Request) -> Callable[..., Any]:
        method = request.method or ""
        if method not in self.allowed_methods:
            raise ApiProblem("method_not_allowed", headers={"Allow": ", ".join(self.allowed_methods)})
        handler: Callable[..., Any] = getattr(self, "get" if method == "HEAD" else method.lower())
        return handler

    def _admit(self, request: HttpRequest) -> None:
        """Let the caller in, or raise."""
        if not is_storable(request.path + unquote(request.META.get("QUERY_STRING", ""))):
            raise ApiProblem("bad_request", "地址中含有空字符，没有做任何改动。")
        body = self._body(request)
        self.caller = authenticate(request, body)
        self.headers |= count_caller(self.caller)
        self.actor = at_address(
            actor_of(self.caller), ip=client_ip(request), request_id=getattr(request, "request_id", "")
        )
        request.actor = self.actor  # type: ignore[attr-defined]
        client_used(client_id=self.caller.client_id, last_used_at=self.caller.last_used_at, ip=self.actor.ip)
        permission = self.permissions["GET" if request.method == "HEAD" else str(request.method)]
        if permission is not None and not self.actor.can(permission):
            raise ApiProblem("insufficient_scope", headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})

    def _body(self, request: HttpRequest) -> bytes | None:
        """The bytes of the body within the limit; None for a form with files, which is read piece by piece."""
        form = self.max_upload is not None and str(request.content_type) == "multipart/form-data"
        most = self.max_upload if form else self.max_body or settings.API_BODY_MAX_BYTES
        length = request.META.get("CONTENT_LENGTH") or "0"
        if most is not None and length.isdigit() and int(length) > most:
            raise ApiProblem("too_large", f"请求体超过上限（{most // 1024}KB），没有做任何改动。请分批发送。")
        if length != "0" and request.headers.get("Content-Encoding", "identity").lower() != "identity":
            # RFC 9110, section 15.5.16; what is not unpacked cannot be a bomb.
            raise ApiProblem(
                "unsupported_media_type", "请求体不能压缩，请原样发送。", headers={"Accept-Encoding": "identity"}
            )
        try:
            return None if form else request.body
        except RawPostDataException:  # something before us has read it
            return None

    def _run(self, request: Request, handler: Callable[..., Any]) -> HttpResponseBase:
        if request.method in WRITES and "Idempotency-Key" in request.headers:
            return run_once(
                request, actor=self.actor, act=lambda: self._plain(handler(request, *self.args, **self.kwargs))
            )
        return self._plain(handler(request, *self.args, **self.kwargs))

    def _plain(self, response: HttpResponseBase) -> HttpResponse:
        """A finished answer, also from a handler that returned REST framework's ``Response``."""
        if isinstance(response, Response):
            headers = dict(response.items())
            return self.answer(response.data, status=response.status_code, headers=headers)
        if not isinstance(response, HttpResponse):
            raise TypeError("an endpoint answers with a whole response")
        return response

    def _refuse(self, request: HttpRequest, error: Exception) -> HttpResponse:
        response = problem_response(error, request)
        if self.caller is not None:
            self._note(request, response, self.caller)
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, caller: Caller) -> None:
        """Keep the refusal for the client's page. It stands even if it cannot be kept."""
        answer = response.problem  # type: ignore[attr-defined]
        try:
            if answer.code == "rate_limited" and not within(NOTED_LIMIT, str(caller.client_id)):
                return
            error_note(
                client_id=caller.client_id,
                method=str(request.method),
                path=request.path,
                status=response.status_code,
                code=answer.code,
                detail=mask_text(answer.detail),  # it may repeat what was sent: a file's name, say
                ip=client_ip(request),
                request_id=getattr(request, "request_id", ""),
            )
        except (DatabaseError, NotCounted):
            logger.exception("could not keep an error of client %s", caller.client_id)
