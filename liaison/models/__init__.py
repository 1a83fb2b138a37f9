"""The kernel's tables, one concept a file."""

from liaison.models.attachment import Attachment
from liaison.models.audit import AuditEntry
from liaison.models.base import PublicModel, ScopedQuerySet
from liaison.models.client import ApiClient, ClientError, ClientSecret
from liaison.models.deadline import Deadline, DeadlineChange, DeadlineQuerySet
from liaison.models.heartbeat import Heartbeat
from liaison.models.history import StateChange
from liaison.models.holiday import CalendarState, Holiday, HolidayYear
from liaison.models.idempotency import IdempotencyRecord, Nonce
from liaison.models.job import Job
from liaison.models.notice import Delivery, Notice
from liaison.models.organisation import Organisation
from liaison.models.password import UsedPassword
from liaison.models.posting import Posting
from liaison.models.region import Region
from liaison.models.reminder import Reminder, ReminderRule
from liaison.models.user import User
from liaison.models.webhook import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSecret,
)

__all__ = [
    "ApiClient",
    "Attachment",
    "AuditEntry",
    "CalendarState",
    "ClientError",
    "ClientSecret",
    "Deadline",
    "DeadlineChange",
    "DeadlineQuerySet",
    "Delivery",
    "Heartbeat",
    "Holiday",
    "HolidayYear",
    "IdempotencyRecord",
    "Job",
    "Nonce",
    "Notice",
    "Organisation",
    "Posting",
    "PublicModel",
    "Region",
    "Reminder",
    "ReminderRule",
    "ScopedQuerySet",
    "StateChange",
    "UsedPassword",
    "User",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookSecret",
]
