"""Events go to who has the certificate of the name, and a handshake that never ends is left."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from liaison.fetching import FetchFailed, post_body
from tests.webhooks import Receiver, receiving

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate of this name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture(params=["localhost"])
def receiver(
    request: pytest.FixtureRequest, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Receiver]:
    """By TLS, with a certificate for the name in the parameter that the machine trusts."""
    certificate, key = _certificate(tmp_path, request.param)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with receiving(context) as found:
        settings.FETCH_INSIDE_HOSTS = [f"localhost:{found.port}"]
        yield found


def _post(url: str, seconds: float = 10) -> int:
    return post_body(url, b"{}", headers={"Content-Type": "application/json"}, seconds=seconds, limit=100).status


def test_a_trusted_certificate_of_the_name_is_spoken_to(receiver: Receiver) -> None:
    assert _post(receiver.url) == 200
    assert receiver.got[0].headers["host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize("receiver", ["elsewhere.example.org"], indirect=True)
def test_a_certificate_of_another_name_is_refused(receiver: Receiver) -> None:
    with pytest.raises(FetchFailed, match="证书有问题"):
        _post(receiver.url)
    assert receiver.got == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(_certificate(tmp_path, "another.example.org")[0]))
    with pytest.raises(FetchFailed, match="证书有问题"):
        _post(receiver.url)


def test_a_handshake_that_drips_is_left_when_the_time_is_over(settings: SettingsWrapper) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.FETCH_INSIDE_HOSTS = [f"localhost:{port}"]
        over = threading.Event()

        def drip() -> None:
            taken, _ = server.accept()
            with taken:
                taken.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB is announced
                while not over.wait(0.02):
                    try:
                        taken.sendall(b"\x02")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(FetchFailed, match=r"没有在0.3秒内答完"):
            _post(f"https://localhost:{port}/", seconds=0.3)
        over.set()
        thread.join(timeout=20)
