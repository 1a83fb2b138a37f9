"""Links of the OpenAPI document: where to go on from an answer (OpenAPI 3.1, section 4.8.20)."""

from __future__ import annotations

from typing import Any


def link(operation: str, **parameters: str) -> dict[str, Any]:
    """One link.

    Args:
        operation: the ``operation_id`` that one may call next.
        parameters: its parameters by name, each a runtime expression (``$request.path.order_no``,
            ``$response.body#/items/0/id``).
    """
    return {"operationId": operation, "parameters": parameters}
