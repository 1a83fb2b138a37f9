"""Who may call the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    # REST framework loads this module while it loads its views: an import here would go round.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Closed(BasePermission):
    """The default of every API view: nobody. A view opens itself by naming its own permission."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
