"""/api/v1/hotline/orders: the hotline reports its orders, reads them back, and brings their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema

from liaison.api.links import link
from liaison.api.pointers import FieldError
from liaison.api.problems import ApiProblem, answer_of, problem_body
from liaison.api.view import ClientAPIView
from liaison.permissions import Permission as P  # noqa: N817
from suggestions.selectors.hotline_order import fetches_of, files_of, get_own_order, own_orders, steps_of
from suggestions.serializers.hotline_order import (
    ADDRESSES,
    BATCH_ITEM,
    MOST_ORDERS,
    ORDER,
    ORDER_NO,
    ORDER_NO_SAYS,
    check_item,
    fetch_out,
    file_out,
    order_out,
    parse_order,
)
from suggestions.serializers.hotline_schema import (
    ATTACHMENTS_OUT,
    BATCH_OUT,
    FILTERS,
    ORDER_OUT,
    PAGE_OF_ORDERS,
    PUT_OUT,
)
from suggestions.serializers.shapes import Problems, Text, faults, refusal
from suggestions.services.hotline_fetch import order_attach, order_attach_addresses
from suggestions.services.hotline_order import Outcome, Put, order_put, orders_batch

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request

_NUMBER = Text(about="", most=64, required=True, pattern=ORDER_NO, pattern_says=ORDER_NO_SAYS)
#: The same for the document, where a number is in the address.
_IN_ADDRESS = OpenApiParameter("order_no", _NUMBER.schema(), OpenApiParameter.PATH, description="工单编号。")
#: A thousand orders of usual length; Django itself reads no larger body.
_BATCH_BYTES = 5 * 1024 * 1024


class OrderView(ClientAPIView):
    """一件热线工单。"""

    permissions = {"GET": P.HOTLINE_ORDERS_READ, "PUT": P.HOTLINE_ORDERS_WRITE}
    problems = {
        "PUT": (
            "unknown_region",
            "region_out_of_scope",
            "unknown_report",
            "version_reused",
            "sequence_changed",
            "precondition_failed",
        )
    }
    links = {
        "PUT": {
            "order": link("order_get", order_no="$request.path.order_no"),
            "attachments": link("order_attachments_add", order_no="$request.path.order_no"),
        },
        "GET": {
            "again": link("order_put", order_no="$request.path.order_no"),
            "attachments": link("order_attachments_list", order_no="$request.path.order_no"),
        },
    }

    @extend_schema(
        operation_id="order_put",
        parameters=[_IN_ADDRESS],
        summary="报送一件工单",
        description=(
            "按工单编号报送，可以重复、可以乱序：新的覆盖旧的，比平台上旧的消息不起作用，同样回答200，outcome说明结果："
            "created 新增，updated 更新，unchanged 内容相同，stale 比平台上的旧。环节只增不改。"
            "带 If-Match 时，平台上的版本与之不同则不保存。"
        ),
        request={"application/json": ORDER.schema()},
        responses={200: PUT_OUT, 201: PUT_OUT},
    )
    def put(self, request: Request, order_no: str) -> HttpResponse:
        """Keep the order as it is told."""
        _check_number(order_no)
        values = parse_order(request.data)
        put = order_put(actor=self.actor, order_no=order_no, values=values, if_match=request.headers.get("If-Match"))
        status = 201 if put.outcome == Outcome.CREATED else 200
        return self.answer(_put_out(put), status=status, etag=put.version)

    @extend_schema(
        operation_id="order_get", summary="读取一件工单", parameters=[_IN_ADDRESS], responses={200: ORDER_OUT}
    )
    def get(self, request: Request, order_no: str) -> HttpResponse:
        """What stands, with its chain and what the congress office made of it."""
        order = get_own_order(self.actor, order_no)
        return self.answer(order_out(order, steps=steps_of(order)), etag=order.version)


class OrderListView(ClientAPIView):
    """热线工单列表。"""

    permissions = {"GET": P.HOTLINE_ORDERS_READ}
    paged = True
    links = {
        "GET": {
            "order": link("order_get", order_no="$response.body#/items/0/order_no"),
            "next": link("orders_list", cursor="$response.body#/cursor"),
        }
    }

    @extend_schema(
        operation_id="orders_list",
        summary="工单列表",
        parameters=[
            OpenApiParameter(name, one.schema(), OpenApiParameter.QUERY, description=one.about)
            for name, one in FILTERS.fields.items()
        ],
        responses={200: PAGE_OF_ORDERS},
    )
    def get(self, request: Request) -> HttpResponse:
        """Orders by when they came first, oldest first."""
        sent = {name: value for name, value in request.query_params.items() if name not in ("cursor", "limit")}
        problems: Problems = {}
        conditions = FILTERS.check(sent, "query", problems)
        if problems:
            raise refusal(problems)
        return self.page(own_orders(self.actor, conditions), show=order_out, order=("id",))


class OrderBatchView(ClientAPIView):
    """成批报送工单。"""

    permissions = {"POST": P.HOTLINE_ORDERS_WRITE}
    links = {"POST": {"order": link("order_get", order_no="$response.body#/items/0/order_no")}}
    max_body = _BATCH_BYTES

    @extend_schema(
        operation_id="orders_batch",
        summary="成批报送工单",
        description=f"一次最多{MOST_ORDERS}件。逐件作答：好的保存，坏的在items里说明位置和原因，互不影响。",
        request={
            "application/json": {
                "type": "object",
                "additionalProperties": False,
                "required": ["orders"],
                "properties": {
                    "orders": {
                        "type": "array",
                        "items": BATCH_ITEM.schema(),
                        "minItems": 1,
                        "maxItems": MOST_ORDERS,
                    }
                },
            }
        },
        responses={200: BATCH_OUT},
    )
    def post(self, request: Request) -> HttpResponse:
        """An answer for each."""
        puts = [_checked(place, one) for place, one in enumerate(_orders(request.data))]
        orders_batch(actor=self.actor, puts=puts)
        items = [_item_out(place, put) for place, put in enumerate(puts)]
        refused = sum(put.error is not None for put in puts)
        return self.answer({"stored": len(puts) - refused, "refused": refused, "items": items})


class OrderAttachmentView(ClientAPIView):
    """工单附件。"""

    permissions = {"GET": P.HOTLINE_ORDERS_READ, "POST": P.HOTLINE_ORDERS_WRITE}
    problems = {
        "POST": ("too_many_files", "host_not_allowed", "bad_address"),
    }
    links = {"POST": {"attachments": link("order_attachments_list", order_no="$request.path.order_no")}}
    max_upload = 21 * 1024 * 1024

    @extend_schema(
        operation_id="order_attachments_list",
        summary="工单附件的情况",
        parameters=[_IN_ADDRESS],
        responses={200: ATTACHMENTS_OUT},
    )
    def get(self, request: Request, order_no: str) -> HttpResponse:
        """Files that are here, and how far the fetching of others is."""
        return self.answer(_attachments_of(self, order_no))

    @extend_schema(
        operation_id="order_attachments_add",
        parameters=[_IN_ADDRESS],
        summary="添加工单附件",
        description="用multipart/form-data上传一个文件（字段名file），或者用JSON给出地址，由平台去取（只取对接约定里的主机）。",
        request={
            "application/json": ADDRESSES.schema(),
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary", "description": "文件，最大20 MB"}},
            },
        },
        responses={201: ATTACHMENTS_OUT, 202: ATTACHMENTS_OUT},
    )
    def post(self, request: Request, order_no: str) -> HttpResponse:
        """Keep an uploaded file, or note addresses to fetch."""
        if str(request.content_type).startswith("multipart/form-data"):
            upload = request.FILES.get("file")
            if upload is None:
                detail = "没有收到文件，请用字段名 file 上传。"
                raise ApiProblem("invalid_input", detail, errors=[FieldError("/file", "required", detail)])
            order_attach(actor=self.actor, order_no=order_no, upload=upload)
            return self.answer(_attachments_of(self, order_no), status=201)
        files = ADDRESSES.parse(request.data)["files"]
        order_attach_addresses(actor=self.actor, order_no=order_no, files=files)
        return self.answer(_attachments_of(self, order_no), status=202)


def _check_number(order_no: str) -> None:
    problems: Problems = {}
    _NUMBER.check(order_no, "path/order_no", problems)
    if problems:
        raise refusal(problems)


def _put_out(put: Put) -> dict[str, Any]:
    return {
        "order_no": put.order_no,
        "outcome": put.outcome,
        "digest": put.digest,
        "new_steps": put.new_steps,
    }


def _orders(data: Any) -> list[Any]:
    problems: Problems = {}
    if not isinstance(data, dict):
        problems[""] = ("wrong_type", "应为对象，工单放在 orders 数组里。")
    else:
        orders = data.get("orders")
        for name in data.keys() - {"orders"}:
            problems[name[:60]] = ("unknown_field", "没有这个字段。")
        if not isinstance(orders, list) or not orders:
            problems["orders"] = ("required", "应为至少一件工单的数组。")
        elif len(orders) > MOST_ORDERS:
            problems["orders"] = ("out_of_range", f"一次最多{MOST_ORDERS}件，现在有{len(orders)}件，请分批。")
    if problems:
        raise refusal(problems)
    return list(data["orders"])


def _checked(place: int, one: Any) -> Put:
    values, problems = check_item(one)
    if not problems:
        return Put(values.pop("order_no"), values)
    named = str(one.get("order_no") or "")[:64] if isinstance(one, dict) else ""
    detail = f"有{len(problems)}处不符合接口约定，这一件没有保存。"
    return Put(named, {}, error=ApiProblem("invalid_input", detail, errors=faults(problems)))


def _item_out(place: int, put: Put) -> dict[str, Any]:
    """The answer for one order; pointers are into the whole body."""
    if put.error is None:
        return {"index": place, **_put_out(put)}
    answer = answer_of(put.error)
    if answer is None:
        raise put.error
    errors = [FieldError(f"/orders/{place}{one.pointer}", one.code, one.detail) for one in answer.errors]
    problem = problem_body(answer.code, answer.detail, status=answer.status, errors=errors)
    return {"index": place, "order_no": put.order_no, "outcome": "refused", "problem": problem}


def _attachments_of(view: ClientAPIView, order_no: str) -> dict[str, Any]:
    order = get_own_order(view.actor, order_no)
    return {
        "files": [file_out(one) for one in files_of(order)],
        "fetches": [fetch_out(one) for one in fetches_of(order)],
    }
