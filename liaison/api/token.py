"""``POST /api/v1/oauth/token``: a token for client id and secret."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView

from liaison.api.limits import TOKEN_LIMIT, count_address
from liaison.api.oauth import ADDRESS_KEY
from liaison.api.problems import PROBLEMS, ApiProblem, problem_body, problem_response
from liaison.network import client_ip


@method_decorator(csrf_exempt, name="dispatch")  # a machine with its own credentials, never a browser's cookie
class ClientTokenView(TokenView):  # type: ignore[misc]  # django-oauth-toolkit has no types
    """Answers as RFC 6749 says; a refusal carries the members of a problem document as well."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view function, saying who may enter."""
        view = super().as_view(**initkwargs)
        view.access = "public"
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Problem+json for what RFC 6749 has no word for."""
        try:
            if request.method != "POST":
                raise ApiProblem("method_not_allowed", headers={"Allow": "POST"})
            if request.content_type != "application/x-www-form-urlencoded":
                raise ApiProblem("unsupported_media_type", "换取令牌请用 application/x-www-form-urlencoded 表单。")
            count_address(TOKEN_LIMIT, client_ip(request))
            request.META[ADDRESS_KEY] = client_ip(request) or ""
            with transaction.atomic():
                response: HttpResponse = super().dispatch(request, *args, **kwargs)
        except Exception as error:  # every one becomes problem+json
            response = problem_response(error, request)
        else:
            if response.status_code != 200:
                response = _explained(response)
        response["Cache-Control"] = "no-store"
        return response


def _explained(response: HttpResponse) -> HttpResponse:
    """The library's refusal, with our code and Chinese words beside its own."""
    told: dict[str, Any] = json.loads(response.content)
    code = told.get("error_description") if told.get("error_description") in PROBLEMS else told.get("error")
    code = code if code in PROBLEMS else "invalid_request"
    body = {**problem_body(str(code), status=response.status_code), **told}
    answer = JsonResponse(body, status=response.status_code, json_dumps_params={"ensure_ascii": False})
    if response.status_code == 401:
        answer["WWW-Authenticate"] = 'Basic realm="liaison"'
    return answer
