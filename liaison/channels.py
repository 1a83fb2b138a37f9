"""How a notice leaves the portal: one small adapter interface for e-mail, SMS and WeChat.

``settings.NOTICE_CHANNELS`` names the adapter of each channel. E-mail is real. SMS (短信) and WeChat (微信)
need a contract with a provider, so here they only refuse, plainly; an adapter for a provider implements
``Channel`` and is named in the settings.
"""

from __future__ import annotations

import smtplib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string


class ChannelUnavailable(Exception):
    """The channel does not work now (server away, time-out): try again later. The text is Chinese."""


class TryLater(Exception):
    """This message was not taken now, others may be: try it again later. The text is Chinese."""


class AddressRefused(Exception):
    """This message will never arrive at this address: do not try again. The text is Chinese."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it leaves the portal.

    Args:
        key: the same at each attempt, so that a receiver can tell a repetition.
        link: absolute address of the page, "" for none.
    """

    key: str
    address: str
    name: str
    title: str
    body: str
    link: str


class Channel(ABC):
    """One way out. Used as a context manager around some messages, so that a connection serves them all."""

    def __enter__(self) -> Channel:
        """Connect, where there is something to connect to.

        Raises:
            ChannelUnavailable: the server does not answer.
        """
        return self

    def __exit__(self, *exc_info: object) -> None:
        return None

    @abstractmethod
    def send(self, message: Outgoing) -> None:
        """Hand over one message.

        Raises:
            ChannelUnavailable: try this and all others again later.
            TryLater: try this one again later.
            AddressRefused: do not.
        """


class EmailChannel(Channel):
    """Mail by Django's configured backend, plain Chinese text."""

    def __enter__(self) -> Channel:
        self._connection: Any = get_connection()
        try:
            self._connection.open()
        except OSError as error:  # smtplib.SMTPException is one
            raise ChannelUnavailable(f"邮件服务器连接不上（{type(error).__name__}）") from error
        return self

    def __exit__(self, *exc_info: object) -> None:
        try:
            self._connection.close()
        except OSError:
            pass  # the server hung up first; what it took is marked already

    def send(self, message: Outgoing) -> None:
        mail = EmailMessage(
            subject=f"【{settings.SITE_NAME}】{message.title}",
            body=mail_text(message),
            from_email=formataddr((settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL)),
            to=[formataddr((message.name, message.address))],
            headers={
                "Message-ID": f"<{message.key}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
            connection=self._connection,
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            if code >= 500:
                raise AddressRefused(f"对方邮件服务器拒收（{code}），请核对邮箱地址") from error
            raise TryLater(f"对方邮件服务器暂时不收（{code}）") from error
        except smtplib.SMTPResponseException as error:
            raise TryLater(f"邮件服务器没有接收（{error.smtp_code}）") from error
        except OSError as error:  # hung up, timed out, and smtplib's other exceptions
            raise ChannelUnavailable(f"邮件发送中断（{type(error).__name__}）") from error
        except ValueError as error:  # an address or a title that cannot stand in a mail header
            raise AddressRefused("邮箱地址或标题格式不对") from error


def mail_text(message: Outgoing) -> str:
    """The text of a mail: what, what to do, where; no markup."""
    parts = [f"{message.name}：", message.title]
    if message.body:
        parts.append(message.body)
    if message.link:
        parts.append(f"请登录平台查看：\n{message.link}")
    parts.append(f"本邮件由{settings.SITE_NAME}自动发出，请勿直接回复。")
    return "\n\n".join(parts) + "\n"


class NotConfigured(Channel):
    """A channel without a provider: it says so and pretends nothing."""

    label = ""

    def send(self, message: Outgoing) -> None:
        raise AddressRefused(f"{self.label}渠道没有配置服务商，未发送")


class SmsChannel(NotConfigured):
    """短信."""

    label = "短信"


class WeChatChannel(NotConfigured):
    """微信."""

    label = "微信"


def channel_for(code: str) -> Channel:
    """The adapter that the settings name for a channel.

    Raises:
        LookupError: none is named.
    """
    adapter: type[Channel] = import_string(settings.NOTICE_CHANNELS[code])
    return adapter()
