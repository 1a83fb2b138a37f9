"""The contract and its tutorial: the document is valid, the page shows it, and the client of docs/ really works."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.servers.basehttp import WSGIServer
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from liaison.api.problems import PROBLEMS
from liaison.models import Holiday
from liaison.permissions import SCOPE_PERMISSIONS
from tests.api import make_client, make_secret
from tests.cast import Cast

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "api_client.py"


@pytest.fixture
def address(cast: Cast) -> Iterator[str]:
    """The portal over real HTTP, on this test's own connection (the test waits while the server works)."""
    ours = connections["default"]
    ours.inc_thread_sharing()
    # A request ends with closing old connections; this one is the test's.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    server = WSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())

    def serve() -> None:
        connections["default"] = ours
        server.serve_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/api/v1"
    server.shutdown()
    server.server_close()
    thread.join()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    ours.dec_thread_sharing()


def test_the_document_is_valid_openapi_and_lists_every_error_with_an_example(db: None) -> None:
    answer = Client().get("/api/v1/schema.json")
    document = json.loads(answer.content)
    validate_schema(document)
    assert document["openapi"].startswith("3.1")
    scopes = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    assert scopes.keys() == SCOPE_PERMISSIONS.keys()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert told["summary"], f"{method} {path} has no Chinese summary"
            answers = told["responses"]
            assert {"429", "500"} <= answers.keys(), f"{method} {path}"
            for status, answer in answers.items():
                for content in answer.get("content", {}).values() if status >= "400" else ():
                    for code, example in content["examples"].items():
                        assert example["value"]["status"] == PROBLEMS[code].status == int(status)


def test_every_body_has_a_whole_example_that_fits_its_schema(db: None) -> None:
    document = json.loads(Client().get("/api/v1/schema.json").content)
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            bodies = [told.get("requestBody", {}), *(one for status, one in told["responses"].items() if status < "3")]
            for content in (body.get("content", {}).get("application/json") for body in bodies):
                if content is None:
                    continue
                (example, *_) = content["examples"].values()
                schema = {**content["schema"], "components": document["components"]}
                faults = [error.message for error in Draft202012Validator(schema).iter_errors(example["value"])]
                assert not faults, f"{method} {path}"


def test_the_page_explains_every_code_without_script_or_foreign_file(db: None) -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    for code in PROBLEMS:
        assert f'id="problem-{code}"' in page
    assert not re.search(r"(src|href)=.?https://", page.replace("https://www.gov.cn", ""))
    assert "/api/v1/whoami" in page


@pytest.mark.urls("tests.liaison.api_urls")
def test_the_client_of_the_documentation_works_over_http(cast: Cast, address: str) -> None:
    spec: Any = importlib.util.spec_from_file_location("api_client", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    client = make_client(cast)
    portal = module.Portal(address, client.application.client_id, make_secret(cast, client)[1])
    assert portal.call("GET", "/whoami")[1]["name"] == client.name
    Holiday.objects.all().delete()
    for day in range(1, 4):
        status, answer = portal.call("PUT", f"/probe/holidays/2031-02-0{day}", {"name": f"第{day}天"})
        assert (status, answer["name"]) == (201, f"第{day}天")
    assert [row["name"] for row in portal.pages("/probe/holidays?limit=2")] == ["第1天", "第2天", "第3天"]
    assert portal.call("PUT", "/probe/holidays/2031-02-09", {"nam": "x"})[1]["code"] == "invalid_input"
    portal.token = "no longer good"
    assert portal.call("GET", "/whoami")[0] == 200
