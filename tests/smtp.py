"""A mail server for tests: takes what it is given on a loopback port, or refuses as told."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line.decode().strip().upper()
            if verb.startswith(("MAIL", "RCPT")) and (answer := self.server.answer_to(verb)):
                self._say(answer)
            elif verb == "DATA":
                self._say("354 go on")
                self._take()
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        if self.server.hang_up_after_data:
            return
        self.server.taken.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))  # type: ignore[arg-type]
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free loopback port from ``with`` to its end.

    Attributes:
        taken: the messages it took.
        refusals: part of a sender's or recipient's line → the answer to give it.
        hang_up_after_data: lose the connection after a message instead of answering.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.hang_up_after_data = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def answer_to(self, line: str) -> str | None:
        return next((answer for part, answer in self.refusals.items() if part.upper() in line), None)

    def __enter__(self) -> MailServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()
