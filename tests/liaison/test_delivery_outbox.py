"""The outbox: what is claimed, sent, put back with growing delays, given up, and taken up after a death."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from email.utils import formataddr
from typing import TYPE_CHECKING, ClassVar

import pytest
import time_machine
from django.core import mail
from django.db import connections
from pytest_django.fixtures import DjangoAssertNumQueries

from liaison.channels import AddressRefused, Channel, ChannelUnavailable, Outgoing, TryLater
from liaison.models import Delivery, Notice, User
from liaison.models.notice import Channel as ChannelCode
from liaison.models.notice import DeliveryStatus, NoticeKind
from liaison.services import delivery
from liaison.services.delivery import BACK_OFF, BATCH, MOST_ATTEMPTS, notices_deliver
from liaison.services.notice import notify
from tests.cast import Cast
from tests.clocks import at

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

NOW = at(2026, 6, 15, 9)


class Scripted(Channel):
    """Does with each address what the test says; remembers what was sent."""

    script: ClassVar[dict[str, Exception]] = {}
    away: ClassVar[str] = ""
    sent: ClassVar[list[Outgoing]] = []

    def __enter__(self) -> Channel:
        if self.away:
            raise ChannelUnavailable(self.away)
        return self

    def send(self, message: Outgoing) -> None:
        if message.address in self.script:
            raise self.script[message.address]
        self.sent.append(message)


@pytest.fixture
def channel(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> type[Scripted]:
    settings.NOTICE_CHANNELS = {**settings.NOTICE_CHANNELS, "email": f"{__name__}.Scripted"}
    monkeypatch.setattr(Scripted, "script", {})
    monkeypatch.setattr(Scripted, "sent", [])
    monkeypatch.setattr(Scripted, "away", "")
    return Scripted


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def tell(*people: User) -> list[Notice]:
    return notify(recipients=people, kind=NoticeKind.TASK, title="请签收", body="有新的交办。", url="/suggestions/x/")


def test_a_notice_is_sent_once_and_marked(cast: Cast) -> None:
    tell(cast.user("unit"))
    assert notices_deliver().sent == 1
    row = Delivery.objects.get()
    assert (row.status, row.sent_at, row.attempts, row.error) == (DeliveryStatus.SENT, NOW, 1, "")
    assert notices_deliver().sent == 0
    (message,) = mail.outbox
    assert message.subject == "【人大代表联络履职平台】请签收"
    assert message.to == [formataddr(("刘承办", "unit@example.org"))]
    assert message.body == (
        "刘承办：\n\n请签收\n\n有新的交办。\n\n"
        "请登录平台查看：\nhttp://testserver/suggestions/x/\n\n"
        "本邮件由人大代表联络履职平台自动发出，请勿直接回复。\n"
    )
    assert message.extra_headers["Message-ID"] == f"<notice-{row.notice.public_id}-email@testserver>"


def test_a_notice_without_page_or_text_leads_to_the_inbox(cast: Cast, channel: type[Scripted]) -> None:
    notify(recipients=[cast.user("unit")], kind=NoticeKind.SECURITY, title="密码已修改")
    notices_deliver()
    assert (channel.sent[0].body, channel.sent[0].link) == ("", "http://testserver/inbox/")


def test_while_the_server_is_away_all_stays_queued_visible_and_is_tried_later(
    cast: Cast, channel: type[Scripted]
) -> None:
    tell(cast.user("unit"), cast.user("insider"))
    channel.away = "邮件服务器连接不上（ConnectionRefusedError）"
    result = notices_deliver()
    assert (result.sent, result.requeued) == (0, 2)
    for row in Delivery.objects.all():
        assert (row.status, row.error, row.attempts) == (DeliveryStatus.QUEUED, channel.away, 1)
        assert (row.next_attempt_at, row.claimed_at) == (NOW + dt.timedelta(minutes=1), None)
    assert notices_deliver().requeued == 0, "not before its time"
    channel.away = ""
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        assert notices_deliver().sent == 2
    assert set(Delivery.objects.values_list("status", "error")) == {(DeliveryStatus.SENT, "")}


def test_delays_grow_and_end_after_about_three_days(cast: Cast, channel: type[Scripted]) -> None:
    tell(cast.user("unit"))
    channel.away = "邮件服务器连接不上（TimeoutError）"
    moment, waits = NOW, []
    while Delivery.objects.get().status == DeliveryStatus.QUEUED:
        with time_machine.travel(moment, tick=False):
            notices_deliver()
        row = Delivery.objects.get()
        waits.append(row.next_attempt_at - moment)
        moment = row.next_attempt_at
    assert tuple(waits[:-1]) == BACK_OFF
    assert waits[:-1] == sorted(waits[:-1])
    assert dt.timedelta(days=2.5) < sum(BACK_OFF, dt.timedelta()) < dt.timedelta(days=3.5)
    row = Delivery.objects.get()
    assert (row.status, row.attempts) == (DeliveryStatus.FAILED, MOST_ATTEMPTS)
    assert row.error == "邮件服务器连接不上（TimeoutError），已试10次"


def test_a_server_away_does_not_use_up_the_whole_queue(cast: Cast, channel: type[Scripted]) -> None:
    for _ in range(BATCH + 5):
        tell(cast.user("unit"))
    channel.away = "邮件服务器连接不上"
    assert notices_deliver().requeued == BATCH
    assert Delivery.objects.filter(attempts=0).count() == 5


def test_a_connection_lost_in_the_middle_puts_back_the_rest(cast: Cast, channel: type[Scripted]) -> None:
    tell(cast.user("unit"), cast.user("insider"), cast.user("approver"))
    channel.script = {"insider@example.org": ChannelUnavailable("邮件发送中断（SMTPServerDisconnected）")}
    result = notices_deliver()
    assert (result.sent, result.requeued) == (1, 2)
    assert [message.address for message in channel.sent] == ["unit@example.org"]


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (TryLater("对方邮件服务器暂时不收（450）"), DeliveryStatus.QUEUED, "对方邮件服务器暂时不收（450）"),
        (AddressRefused("对方邮件服务器拒收（550）"), DeliveryStatus.FAILED, "对方邮件服务器拒收（550）"),
        (RuntimeError("bug"), DeliveryStatus.QUEUED, "发送程序出错（RuntimeError）"),
    ],
)
def test_one_bad_address_does_not_hold_up_the_others(
    cast: Cast, channel: type[Scripted], error: Exception, status: DeliveryStatus, text: str
) -> None:
    tell(cast.user("unit"), cast.user("insider"))
    channel.script = {"unit@example.org": error}
    assert notices_deliver().sent == 1
    row = Delivery.objects.get(address="unit@example.org")
    assert (row.status, row.error) == (status, text)


def test_a_closed_account_gets_no_more_mail(cast: Cast, channel: type[Scripted]) -> None:
    tell(cast.user("unit"))
    User.objects.filter(pk=cast.user("unit").pk).update(is_active=False)
    assert notices_deliver().failed == 1
    assert Delivery.objects.get().error == "账号已停用，未发送"
    assert channel.sent == []


@pytest.mark.parametrize(("code", "name"), [(ChannelCode.SMS, "短信"), (ChannelCode.WECHAT, "微信")])
def test_channels_without_a_provider_refuse_plainly(cast: Cast, code: ChannelCode, name: str) -> None:
    (notice,) = tell(cast.user("unit"))
    Delivery.objects.all().delete()
    Delivery.objects.create(notice=notice, channel=code, address="13800000000")
    result = notices_deliver()
    assert (result.sent, result.failed) == (0, 1)
    row = Delivery.objects.get()
    assert (row.status, row.error) == (DeliveryStatus.FAILED, f"{name}渠道没有配置服务商，未发送")


def test_a_claim_of_a_dead_worker_is_taken_up_again_after_ten_minutes(cast: Cast, channel: type[Scripted]) -> None:
    tell(cast.user("unit"))
    (claimed,) = delivery._claim(now=NOW)
    assert Delivery.objects.get().status == DeliveryStatus.SENDING
    with time_machine.travel(NOW + dt.timedelta(minutes=9), tick=False):
        assert notices_deliver().sent == 0
    with time_machine.travel(NOW + dt.timedelta(minutes=10), tick=False):
        assert notices_deliver().sent == 1
    assert Delivery.objects.get().attempts == 2
    result = delivery.DeliveryResult()
    delivery._give_up(claimed, "迟到", result)
    assert result.failed == 0, "the late worker does not overwrite what its successor wrote"
    assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(cast: Cast, channel: type[Scripted]) -> None:
    for _ in range(3 * BATCH):
        tell(cast.user("unit"))
    barrier = threading.Barrier(2)

    def worker() -> None:
        barrier.wait(timeout=20)
        notices_deliver()
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    notices_deliver()
    keys = [message.key for message in channel.sent]
    assert len(keys) == len(set(keys)) == 3 * BATCH
    assert set(Delivery.objects.values_list("status", "attempts")) == {(DeliveryStatus.SENT, 1)}


def test_one_run_ends_and_leaves_the_rest_to_the_next_minute(
    cast: Cast, channel: type[Scripted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 2)
    monkeypatch.setattr(delivery, "MOST_BATCHES", 2)
    for _ in range(5):
        tell(cast.user("unit"))
    assert [notices_deliver().sent, notices_deliver().sent] == [4, 1]


@pytest.mark.parametrize("number", [2, 20])
def test_a_batch_is_claimed_in_few_queries(
    cast: Cast, channel: type[Scripted], number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        tell(cast.user("unit"))
    # Claim: due rows, the claim, rows with their people, two for the savepoint; one a row to mark it;
    # then one and a savepoint to see that nothing more is due.
    with django_assert_num_queries(3 + 2 + number + 1 + 2):
        notices_deliver()
