"""Asking another platform's address, to fetch a file or to tell it something, without being led inside (SSRF).

The name is resolved once, every address it stands for is judged, and the connection goes to the judged address: a
name server that answers differently the second time gains nothing. No redirect is followed, nothing is read beyond
the limit, and a server that drips, also in its headers, is cut off when the time is over.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: Of one read from the network, and of the whole.
READ_SECONDS = 10
MOST_SECONDS = 120
_CHUNK = 64 * 1024
_PORTS = {"http": 80, "https": 443}
#: All that is given out for the open Internet in IPv6 (RFC 4291); beyond it are site-local addresses, local NAT64
#: prefixes and old ways of writing an IPv4 address, which a router of the office may well know.
_OPEN_IPV6 = ipaddress.ip_network("2000::/3")
#: For books only (RFC 9637); Python does not know it yet.
_BOOKS_IPV6 = ipaddress.ip_network("3fff::/20")


class FetchRefused(Exception):
    """It is not fetched, and will not be by trying again; the text says why, in Chinese.

    Args:
        code: stable machine code.
    """

    def __init__(self, reason: str, code: str = "refused") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class FetchFailed(Exception):
    """It could not be fetched this time."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be fetched.

    Args:
        path: with its query.
        noun: what it is, for messages.
        is_inside: the operator named the host as one of the office network, whose addresses are private.
    """

    scheme: str
    host: str
    port: int
    path: str
    is_inside: bool
    noun: str = "附件地址"

    @property
    def name(self) -> str:
        """The file's name in it."""
        return unquote(self.path.split("?")[0].rsplit("/", 1)[-1])


def check_address(url: str, *, hosts: Collection[str] | None, noun: str = "附件地址") -> Address:
    """The address, if its host is one of those that are agreed. Asks no name server.

    Args:
        hosts: lower case, ``files.example.gov.cn`` or with a port; None for an address that an administrator typed.
        noun: what it is, for messages.

    Raises:
        FetchRefused: ``bad_address`` or ``host_not_allowed``.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused(f"{noun}不是完整的网址。", "bad_address") from None
    if parts.scheme not in _PORTS or not parts.hostname or not url.isascii() or any(sign.isspace() for sign in url):
        raise FetchRefused(f"{noun}应以http://或https://开头，其中的中文和空格须转码。", "bad_address")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(f"{noun}里不能带账号和密码。", "bad_address")
    host, usual = parts.hostname.lower(), _PORTS[parts.scheme]
    named = {host} if port in (None, usual) else set()
    named.add(f"{host}:{port or usual}")
    if hosts is not None and not named & set(hosts):
        raise FetchRefused(f"主机“{parts.netloc}”不在对接约定的附件主机里，不去取。", "host_not_allowed")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    inside = bool(named & {one.lower() for one in settings.FETCH_INSIDE_HOSTS})
    return Address(parts.scheme, host, port or usual, path, inside, noun)


def resolve(address: Address) -> str:
    """The IP address to connect to: every one that the name stands for must be a public one.

    Raises:
        FetchRefused: ``address_inside``.
        FetchFailed: the name cannot be resolved.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed("主机名解析不了。") from None
    numbers = [str(one[4][0]) for one in found]
    if not address.is_inside and not all(is_public(number) for number in numbers):
        raise FetchRefused(f"{address.noun}指向内部网络，不连接。", "address_inside")
    return numbers[0]


def is_public(number: str) -> bool:
    """Whether an IP address is one of the open Internet: not private, loopback, link-local, multicast or reserved,
    also when it is an IPv4 address in IPv6 clothes."""
    try:
        ip = ipaddress.ip_address(number.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        dressed = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if dressed is not None:
            return is_public(str(dressed))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _OPEN_IPV6 or ip in _BOOKS_IPV6:
            return False
    return ip.is_global and not ip.is_multicast


def fetch_file(url: str, *, hosts: Collection[str], limit: int) -> IO[bytes]:
    """The content in a temporary file, at its beginning.

    Args:
        hosts: see ``check_address``.
        limit: bytes.

    Raises:
        FetchRefused: also for what is too large, moved elsewhere or not there.
        FetchFailed: no answer, a server in trouble, cut off.
    """
    address = check_address(url, hosts=hosts)
    ends = time.monotonic() + MOST_SECONDS
    with _asked("GET", address, headers={"Accept-Encoding": "identity"}, seconds=MOST_SECONDS) as answer:
        _judge(answer, limit)
        return _read(answer, limit, ends)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to what it was told.

    Args:
        text: the beginning of the body.
        milliseconds: from the first look at the name to the end of what was read.
    """

    status: int
    text: str
    milliseconds: int


def post_body(
    url: str, body: bytes, *, headers: Mapping[str, str], seconds: float, limit: int, noun: str = "推送地址"
) -> Answer:
    """Send a body to an address that an administrator typed, and read the beginning of the answer, whatever its
    status.

    Args:
        seconds: of the whole; a server that has given its status in time has answered, however slowly it goes on.
        limit: characters of the answer that are kept.

    Raises:
        FetchRefused: the address is none, or points inside.
        FetchFailed: no answer in time.
    """
    began = time.monotonic()
    address = check_address(url, hosts=None, noun=noun)
    with _asked("POST", address, body=body, headers=headers, seconds=seconds) as answer:
        text = _beginning(answer, limit)
        return Answer(answer.status, text, round((time.monotonic() - began) * 1000))


def _beginning(answer: http.client.HTTPResponse, limit: int) -> str:
    found = b""
    with suppress(OSError, http.client.HTTPException):  # the status is there; what follows is for people to read
        while len(found) < limit * 4 and (chunk := answer.read1(_CHUNK)):
            found += chunk
    return found.decode(errors="replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")[:limit]


class _Judged(http.client.HTTPConnection):
    """A connection to a judged address, which another thread may cut."""

    number: str
    watched: socket.socket | None = None
    was_cut = False

    def connect(self) -> None:
        self.sock = self.watched = socket.create_connection((self.number, self.port), self.timeout)
        if self.was_cut:
            raise TimeoutError

    def cut(self) -> None:
        """Wake whoever reads or writes: for them it has ended."""
        self.was_cut = True
        if self.watched is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.watched, socket.SHUT_RDWR)


class _Secure(_Judged):
    """The same by TLS; the certificate must be that of the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = self.watched = context.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


@contextmanager
def _asked(
    method: str,
    address: Address,
    *,
    headers: Mapping[str, str],
    seconds: float,
    body: bytes | None = None,
) -> Iterator[http.client.HTTPResponse]:
    """The answer of an address, with its body yet to be read; after ``seconds`` all ends.

    Raises:
        FetchRefused: see ``resolve``.
        FetchFailed: no answer, cut off, out of time.
    """
    ends = time.monotonic() + seconds
    number = resolve(address)
    left = ends - time.monotonic()
    if left <= 0:
        raise FetchFailed("主机名解析太慢。")
    kind = _Secure if address.scheme == "https" else _Judged
    connection = kind(address.host, address.port, timeout=min(READ_SECONDS, left))
    connection.number = number
    clock = threading.Timer(left, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request(method, address.path, body=body, headers={"User-Agent": "npc-liaison", **headers})
        answer = connection.getresponse()
        if connection.was_cut:  # in the middle of the headers, which http.client takes for their end
            raise TimeoutError
        yield answer
    except (OSError, http.client.HTTPException) as error:
        words = f"对方没有在{seconds:g}秒内答完" if connection.was_cut else _words(error)
        raise FetchFailed(f"没有{'取到' if method == 'GET' else '送到'}：{words}。") from error
    finally:
        clock.cancel()
        connection.close()


def _judge(answer: http.client.HTTPResponse, limit: int) -> None:
    if 300 <= answer.status < 400:
        raise FetchRefused("附件地址转到了别的地址，请直接给出文件的地址。", "redirected")
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise FetchFailed(f"对方服务器回答{answer.status}。")
    if answer.status != 200:
        raise FetchRefused(f"对方服务器回答{answer.status}，没有这个文件或者不让取。", "not_there")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchRefused("文件被压缩传输，不能取。请以原样提供。", "encoded")
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit)


def _read(answer: http.client.HTTPResponse, limit: int, ends: float) -> IO[bytes]:
    out = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    try:
        size = 0
        while chunk := answer.read1(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            out.write(chunk)
        if time.monotonic() > ends:
            raise FetchFailed("传输太慢，没有取完。")
        if answer.length:
            raise FetchFailed("传到一半断了。")
        out.seek(0)
    except BaseException:
        out.close()
        raise
    return out


def _too_large(limit: int) -> FetchRefused:
    return FetchRefused(f"文件超过{limit // 1024 // 1024} MB，没有取。", "too_large")


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "对方没有及时回答"
    return "对方的证书有问题" if isinstance(error, ssl.SSLError) else "连不上或者中途断开"
