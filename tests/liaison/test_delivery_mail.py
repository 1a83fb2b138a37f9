"""Mail by a real mail server, that takes, refuses, hangs up, is away and comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.mail.backends.smtp import EmailBackend

from liaison.models import Delivery
from liaison.models.notice import DeliveryStatus, NoticeKind
from liaison.services.delivery import notices_deliver
from liaison.services.notice import notify
from tests.cast import Cast
from tests.smtp import MailServer

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture
def server(settings: SettingsWrapper) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        yield server


def tell(cast: Cast, *names: str, title: str = "请签收") -> None:
    people = [cast.user(name) for name in names]
    notify(recipients=people, kind=NoticeKind.TASK, title=title, body="有新的交办。", url="/suggestions/x/")


def test_mail_is_plain_chinese_with_an_absolute_link(cast: Cast, server: MailServer) -> None:
    tell(cast, "unit", "insider")
    assert notices_deliver().sent == 2
    message = server.taken[0]
    assert message["Subject"].strip() == "【人大代表联络履职平台】请签收"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert "http://testserver/suggestions/x/" in text
    assert text.startswith("刘承办：")


def test_a_server_that_is_away_and_comes_back(cast: Cast, settings: SettingsWrapper, server: MailServer) -> None:
    with MailServer() as other:
        nobody_listens = other.port
    settings.EMAIL_PORT = nobody_listens
    tell(cast, "unit")
    assert notices_deliver().requeued == 1
    row = Delivery.objects.get()
    assert (row.status, row.error) == (DeliveryStatus.QUEUED, "邮件服务器连接不上（ConnectionRefusedError）")
    settings.EMAIL_PORT = server.port
    with time_machine.travel(row.next_attempt_at + dt.timedelta(seconds=1)):
        assert notices_deliver().sent == 1
    assert len(server.taken) == 1


def test_an_address_refused_for_good_is_given_up_and_for_now_is_tried_later(cast: Cast, server: MailServer) -> None:
    server.refusals = {"unit@": "550 no such user", "insider@": "450 greylisted"}
    tell(cast, "unit", "insider", "approver")
    result = notices_deliver()
    assert (result.sent, result.requeued, result.failed) == (1, 1, 1)
    errors = dict(Delivery.objects.values_list("address", "error"))
    assert errors == {
        "unit@example.org": "对方邮件服务器拒收（550），请核对邮箱地址",
        "insider@example.org": "对方邮件服务器暂时不收（450）",
        "approver@example.org": "",
    }


def test_a_server_that_is_busy_takes_the_message_later(cast: Cast, server: MailServer) -> None:
    server.refusals = {"MAIL FROM": "451 busy"}
    tell(cast, "unit", "insider")
    assert notices_deliver().requeued == 2
    assert set(Delivery.objects.values_list("error", flat=True)) == {"邮件服务器没有接收（451）"}


class HangsUpAtTheEnd(EmailBackend):
    """The server has gone when one says goodbye."""

    def close(self) -> None:
        super().close()
        raise ConnectionResetError


def test_a_server_that_is_gone_at_the_end_took_what_it_took(
    cast: Cast, settings: SettingsWrapper, server: MailServer
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.HangsUpAtTheEnd"
    tell(cast, "unit")
    assert notices_deliver().sent == 1


def test_a_server_that_hangs_up_after_the_text_is_asked_again(cast: Cast, server: MailServer) -> None:
    server.hang_up_after_data = True
    tell(cast, "unit")
    assert notices_deliver().requeued == 1
    row = Delivery.objects.get()
    assert row.error == "邮件发送中断（SMTPServerDisconnected）"
    server.hang_up_after_data = False
    with time_machine.travel(row.next_attempt_at + dt.timedelta(seconds=1)):
        assert notices_deliver().sent == 1


def test_a_title_with_a_line_break_cannot_stand_in_a_header(cast: Cast, server: MailServer) -> None:
    tell(cast, "unit", title="请签收\nBcc: x@example.org")
    assert notices_deliver().failed == 1
    assert Delivery.objects.get().error == "邮箱地址或标题格式不对"
    assert server.taken == []
