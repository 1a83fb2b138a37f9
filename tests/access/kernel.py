"""The kernel's routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.access import ADMINISTRATORS, CONGRESS_HANDLERS, DEPUTIES, Row, each
from tests.api import make_client, make_secret
from tests.webhooks import delivered

if TYPE_CHECKING:
    from tests.access.world import World


def account(world: World) -> Row:
    return {"public_id": world.account.public_id}


def organisation(world: World) -> Row:
    return {"public_id": world.organisation.public_id}


def api_client(world: World) -> Row:
    return {"public_id": make_client(world.cast).public_id}


def webhook(world: World) -> Row:
    return {"public_id": delivered(world.cast).endpoint.public_id}


def webhook_delivery(world: World) -> Row:
    return {"public_id": delivered(world.cast).public_id}


# Reasons that come back in the rows below:
#   422  the form was empty: allowed, but nothing was typed
#   302  done, or sent on to another page; for anonymous: to the sign-in page
MATRIX: dict[str, Row] = {
    # everybody
    "healthz": {"anonymous": 200, "others": 200},
    "readyz": {"anonymous": 503, "others": 503},  # no beat runs beside the tests
    "preference_type": {"method": "post", "data": {"type_scale": "large"}, "anonymous": 302, "others": 302},
    # signed in
    "dashboard": {"others": 200},
    "inbox": {"others": 200},
    "inbox_read_all": {"method": "post", "others": 302},
    "notice_open": {
        "method": "post",
        "args": lambda world: {"public_id": world.notice.public_id},
        "insider": 302,
        "others": 404,
    },
    "search": {"others": 200},
    "jobs": {"others": 200},
    "job": {"args": lambda world: {"public_id": world.job.public_id}, "insider": 200, "others": 404},
    "job_file": {"args": lambda world: {"public_id": world.job.public_id}, "insider": 200, "others": 404},
    "file": {
        "args": lambda world: {"public_id": world.attachment.public_id},
        **each(200, "deputy", "cosigner", "insider", "approver", "colleague", "unit"),
        "others": 404,
    },
    "actor_switch": {"method": "post", "data": {"capacity": "posting:0"}, "others": 404},
    "styleguide": {**each(404, "nobody", *DEPUTIES), "others": 200},
    # own account
    "account_login": {"anonymous": 200, "others": 302},
    "account_logout": {"anonymous": 302, "others": 200},
    "account_inactive": {"anonymous": 200, "others": 200},
    "account_reauthenticate": {"others": 200},
    "account_change_password": {"others": 200},
    "account_set_password": {"others": 302},  # whoever has a password changes it instead
    "account_reset_password": {"anonymous": 200, "others": 200},
    "account_reset_password_done": {"anonymous": 200, "others": 200},
    "account_reset_password_from_key": {
        "args": lambda world: {"uidb36": "1", "key": "abc-def"},
        "anonymous": 200,
        "others": 200,
    },
    "account_reset_password_from_key_done": {"anonymous": 200, "others": 200},
    "account_session_end": {
        "method": "post",
        "args": lambda world: {"pk": world.session.pk},
        "insider": 302,
        "others": 404,
    },
    "usersessions_list": {"others": 200},
    "mfa_index": {"others": 200},
    "mfa_authenticate": {"anonymous": 302, "others": 302},  # only between password and second factor
    "mfa_reauthenticate": {"others": 302},  # nobody in the cast has a second factor
    "mfa_activate_totp": {"others": 302},  # the password once more first
    "mfa_deactivate_totp": {"others": 404},
    "mfa_view_recovery_codes": {"others": 404},
    "mfa_generate_recovery_codes": {"others": 302},
    "mfa_download_recovery_codes": {"others": 404},
    "mfa_list_webauthn": {"others": 200},
    "mfa_add_webauthn": {"others": 302},
    "mfa_reauthenticate_webauthn": {"others": 302},
    "mfa_remove_webauthn": {"args": lambda world: {"pk": 1}, "others": 302},
    "mfa_edit_webauthn": {"args": lambda world: {"pk": 1}, "others": 302},
    "mfa_login_webauthn": {"anonymous": 302, "others": 302},
    # the system and the security administrator
    "system:user_list": {**each(200, "system_admin", "security_admin"), "others": 403},
    "system:user_create": {"system_admin": 200, "others": 403},
    "system:user": {"args": account, **each(200, "system_admin", "security_admin"), "others": 403},
    "system:user_update": {"args": account, "system_admin": 200, "others": 403},
    "system:user_deactivate": {"args": account, "system_admin": 200, "others": 403},
    "system:user_activate": {"method": "post", "args": account, "system_admin": 302, "others": 403},
    "system:user_initial_password": {"args": account, "system_admin": 200, "others": 403},
    "system:user_send_link": {"method": "post", "args": account, "system_admin": 302, "others": 403},
    "system:user_unlock": {"method": "post", "args": account, "security_admin": 302, "others": 403},
    "system:user_second_factor_reset": {"args": account, "security_admin": 200, "others": 403},
    "system:posting_grant": {"args": account, "security_admin": 200, "others": 403},
    "system:posting_end": {
        "args": lambda world: {"public_id": world.posting.public_id},
        "security_admin": 200,
        "others": 403,
    },
    "system:organisation_list": {"system_admin": 200, "others": 403},
    "system:organisation_create": {"system_admin": 200, "others": 403},
    "system:organisation": {"args": organisation, "system_admin": 200, "others": 403},
    "system:organisation_deactivate": {"args": organisation, "system_admin": 200, "others": 403},
    "system:organisation_activate": {"method": "post", "args": organisation, "system_admin": 302, "others": 403},
    "system:client_list": {"system_admin": 200, "others": 403},
    "system:client_create": {"system_admin": 200, "others": 403},
    "system:client": {"args": api_client, "system_admin": 200, "others": 403},
    "system:client_update": {"args": api_client, "system_admin": 200, "others": 403},
    "system:client_deactivate": {"args": api_client, "system_admin": 200, "others": 403},
    "system:client_activate": {"method": "post", "args": api_client, "system_admin": 302, "others": 403},
    "system:client_secret_create": {"args": api_client, "system_admin": 200, "others": 403},
    "system:client_console": {"args": api_client, "system_admin": 200, "others": 403},
    "system:client_secret_revoke": {
        "args": lambda world: {"public_id": make_secret(world.cast, make_client(world.cast))[0].public_id},
        "system_admin": 200,
        "others": 403,
    },
    "system:webhook_create": {"args": api_client, "system_admin": 200, "others": 403},
    "system:webhook": {"args": webhook, "system_admin": 200, "others": 403},
    "system:webhook_update": {"args": webhook, "system_admin": 200, "others": 403},
    "system:webhook_rotate": {"args": webhook, "system_admin": 200, "others": 403},
    "system:webhook_pause": {"args": webhook, "system_admin": 200, "others": 403},
    "system:webhook_resume": {"method": "post", "args": webhook, "system_admin": 302, "others": 403},
    "system:webhook_ping": {"method": "post", "args": webhook, "system_admin": 302, "others": 403},
    "system:webhook_deliveries": {"args": webhook, "system_admin": 200, "others": 403},
    "system:webhook_delivery": {"args": webhook_delivery, "system_admin": 200, "others": 403},
    "system:webhook_repeat": {"method": "post", "args": webhook_delivery, "system_admin": 302, "others": 403},
    "system:permission_table": {**each(200, *ADMINISTRATORS), "others": 403},
    # the auditor
    "audit_list": {"auditor": 200, "others": 403},
    "audit": {"args": lambda world: {"pk": world.audit_entry.pk}, "auditor": 200, "others": 403},
    # calendar and reminders
    "calendar": {"others": 200},
    "calendar_year": {"args": lambda world: {"year": 2026}, "others": 200},
    "holiday_add": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    "holiday_edit": {"args": lambda world: {"day": world.holiday.date}, **each(200, *CONGRESS_HANDLERS), "others": 403},
    "holiday_remove": {
        "args": lambda world: {"day": world.holiday.date},
        **each(200, *CONGRESS_HANDLERS),
        "others": 403,
    },
    "holiday_import": {**each(200, *CONGRESS_HANDLERS), "others": 403},
    # nobody uploaded a file that waits to be confirmed
    "holiday_import_confirm": {"method": "post", **each(404, *CONGRESS_HANDLERS), "others": 403},
    "reminder_rules": {**each(200, "approver", "system_admin"), "others": 403},
    "reminder_rule": {
        "args": lambda world: {"kind": "transfer_opinion"},
        **each(200, "approver", "system_admin"),
        "others": 403,
    },
    "reminder_rule_reset": {
        "method": "post",
        "args": lambda world: {"kind": "transfer_opinion"},
        **each(302, "approver", "system_admin"),
        "others": 403,
    },
}
