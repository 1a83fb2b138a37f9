"""For every test: a database to talk to, and no way out to other machines."""

import ipaddress
import socket
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests import database

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_sendto = socket.socket.sendto


class OutsideConnectionError(RuntimeError):
    """A test tried to reach another machine."""


def _refuse_outside(address: Any) -> None:
    """Unix sockets and this machine's loopback pass; everything else is a mistake in the test."""
    if not isinstance(address, tuple):
        return
    host = str(address[0])
    if host in {"localhost", ""}:
        return
    try:
        if ipaddress.ip_address(host.partition("%")[0]).is_loopback:
            return
    except ValueError:
        pass  # a host name other than localhost
    raise OutsideConnectionError(f"tests may not connect to {host}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_outside(address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_outside(address)
    return _connect_ex(self, address)


def _guarded_sendto(self: socket.socket, data: Any, *args: Any) -> int:
    _refuse_outside(args[-1])
    return _sendto(self, data, *args)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from liaison.embedded import start_if_configured

    start_if_configured()
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign, assignment]
    socket.socket.sendto = _guarded_sendto  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    """pytest-django asks this before it makes the test database: let it be a copy of a migrated template."""
    with django_db_blocker.unblock():
        database.prepare()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: files made anew differ from process to process, and xdist wants the same names in all."""
    return argname if isinstance(val, bytes) else None
