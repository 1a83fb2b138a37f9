"""Every page that a person may open, by person; pages with a form also as they are after wrong input."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from tests.e2e.rounds_hotline import clerk_hotline, deputy_hotline, keeper_hotline
from tests.e2e.stops import Stop, form, nowhere
from tests.e2e.world import World


def anonymous(world: World) -> list[Stop]:
    return [
        form("/accounts/login/", press="登录"),
        form("/accounts/password/reset/", press="发送邮件"),
        Stop("/accounts/password/reset/done/"),
        Stop("/accounts/password/reset/key/1-nonsense/"),
        Stop("/accounts/password/reset/key/done/"),
        Stop("/accounts/inactive/"),
        form(world.password_link, press="保存新密码"),
        Stop("/no-such-page/", status=404),
    ]


def deputy_writing(world: World) -> list[Stop]:
    return [
        Stop("/"),
        Stop("/suggestions/mine/"),
        form("/suggestions/new/", press="下一步：核对"),
        Stop(world.suggestion("draft", "edit")),
        form(world.suggestion("emptied", "edit"), press="下一步：核对"),  # what is sent empty is kept so: a draft
        Stop(world.suggestion("draft", "check")),
        Stop(world.suggestion("draft", "cosigners") + "?q=张"),
        Stop(world.suggestion("draft", "discard")),
        Stop(world.suggestion("draft")),
        Stop(world.suggestion("returned", "edit")),
        Stop(world.suggestion("returned")),
        Stop(world.suggestion("submitted", "submitted")),
        nowhere("suggestions:detail"),
        Stop("/audit/", status=403),
    ]


def deputy_reading(world: World) -> list[Stop]:
    return [
        Stop(world.suggestion("refused")),
        Stop(world.suggestion("answered")),
        form(world.suggestion("answered", "rate")),
        Stop(world.suggestion("closed")),
        Stop(world.transfer("filed")),
        Stop("/inbox/"),
        Stop("/search/?q=建议"),
        Stop("/deputies/mine/"),
    ]


def cosigner(world: World) -> list[Stop]:
    return [Stop("/"), Stop("/suggestions/mine/?tab=todo"), Stop(world.suggestion("draft", "cosign"))]


def newcomer(world: World) -> list[Stop]:
    """A deputy to whom nothing has happened yet."""
    return [Stop("/"), Stop("/suggestions/mine/"), Stop("/inbox/"), Stop("/search/?q=没有这样的词")]


def clerk_desk(world: World) -> list[Stop]:
    return [
        Stop("/"),
        Stop("/suggestions/"),
        Stop("/suggestions/?tab=all"),
        Stop("/suggestions/?tab=all&q=没有这样的词"),
        Stop(world.suggestion("submitted")),
        Stop(world.suggestion("promised")),
        Stop("/inbox/"),
        Stop("/search/?q=建议"),
        Stop("/jobs/"),
        Stop(world.job.get_absolute_url()),
        nowhere("job"),
    ]


def clerk_acts(world: World) -> list[Stop]:
    return [
        form(world.suggestion("submitted", "return")),
        form(world.suggestion("submitted", "register")),
        form(world.suggestion("registered", "assign")),
        form(world.suggestion("answered", "close_unrated")),
        form(world.suggestion("coordinating", "conclude")),
        form(reverse("transfers:mark", args=[world.suggestions["closed"].public_id])),
        form(world.transfer("marked", "update")),
        Stop(world.transfer("rejected")),
        form(world.transfer("waiting", "supply")),
        Stop(world.transfer("closed")),
        Stop("/transfers/?view=all"),
        Stop(world.suggestion("submitted", "answer"), status=403),
    ]


def approver(world: World) -> list[Stop]:
    return [
        Stop("/"),
        form(world.suggestion("submitted", "refuse")),
        Stop("/transfers/"),
        Stop(world.transfer("marked")),
        Stop(world.transfer("marked", "approve")),
        form(world.transfer("marked", "reject")),
        Stop("/transfers/statistics/"),
        Stop("/system/reminders/"),
        form("/system/reminders/suggestion_answer/"),
    ]


def empty_office(world: World) -> list[Stop]:
    return [
        Stop("/"),
        Stop("/suggestions/"),
        Stop("/suggestions/?tab=all"),
        Stop("/transfers/?view=all"),
        Stop("/transfers/statistics/"),
        Stop("/jobs/"),
        Stop("/inbox/"),
        Stop("/deputies/"),
    ]


def unit(world: World) -> list[Stop]:
    promise = world.suggestions["promised"].answers.get()
    return [
        Stop("/"),
        Stop("/suggestions/"),
        Stop(world.suggestion("assigned")),
        Stop(world.suggestion("rework")),
        form(world.suggestion("handling", "answer")),
        form(reverse("suggestions:fulfil", args=[world.suggestions["promised"].public_id, promise.public_id])),
    ]


def clerk_opinions(world: World) -> list[Stop]:
    return [
        Stop("/opinions/"),
        Stop("/opinions/?tab=all"),
        Stop("/opinions/?tab=all&q=没有这样的词"),
        form("/opinions/new/"),
        form("/opinions/bulk/"),
        *(Stop(world.opinion(name)) for name in ("received", "asked", "answered")),
        form(world.opinion("received", "opinions:answer")),
        form(world.opinion("received", "opinions:assign")),
        form(world.opinion("received", "opinions:hand_over")),
        form(world.opinion("received", "opinions:hotline")),
        Stop(world.opinion("received", "opinions:group")),
        form(world.opinion("asked", "opinions:recall")),
    ]


def unit_opinions(world: World) -> list[Stop]:
    return [
        Stop("/opinions/handed/"),
        Stop(world.opinion("handed", "handed_opinions:detail")),
        form(world.opinion("handed", "handed_opinions:answer")),
    ]


def contacts_desk(world: World) -> list[Stop]:
    """Contacts with deputies and reports to voters."""
    mandate = world.cast.mandates["cosigner"].public_id
    return [
        Stop("/committee/?q=张"),
        form(reverse("committee:add", args=[mandate])),
        Stop("/committee/links/"),
        Stop("/contacts/"),
        form("/contacts/new/"),
        Stop("/contacts/coverage/"),
        Stop("/contacts/coverage/?view=cadre"),
        Stop("/contacts/opinions/"),
        Stop("/voter-meetings/"),
        form("/voter-meetings/new/"),
        Stop("/voter-reports/coverage/"),
    ]


def contacts_of_deputies(world: World) -> list[Stop]:
    return [Stop("/contacts/mine/"), Stop("/voter-reports/")]


def reports_desk(world: World) -> list[Stop]:
    return [
        Stop("/reports/"),
        Stop("/judgings/"),
        form("/judgings/new/"),
        nowhere("judgings:extend"),
        nowhere("judgings:publish"),
        Stop("/my-judgings/"),
        Stop("/deeds/"),
        Stop("/deeds/new/"),
        nowhere("deeds:edit"),
    ]


def reports_writing(world: World) -> list[Stop]:
    return [
        Stop("/my-reports/"),
        form("/my-reports/new/", press="下一步：核对"),
        Stop("/my-deeds/"),
        form("/my-deeds/new/"),
    ]


def reports_unit(world: World) -> list[Stop]:
    return [Stop("/report-transfers/"), Stop("/report-transfers/?view=done")]


def prosecutor(world: World) -> list[Stop]:
    return [
        Stop("/"),
        Stop("/transfers/"),
        Stop("/transfers/?view=all"),
        Stop(world.transfer("transferred")),
        Stop(world.transfer("transferred", "receive")),
        Stop(world.transfer("received")),
        form(world.transfer("received", "request_info")),
        form(world.transfer("received", "opine")),
        form(world.transfer("filed", "progress", "recommend")),
        Stop(world.transfers["filed"].suggestion.get_absolute_url()),
    ]


def deputies(world: World) -> list[Stop]:
    return [
        Stop("/deputies/"),
        Stop(world.person("deputy")),
        form(world.person("deputy", "edit")),
        Stop("/deputies/new/"),
        form(f"/deputies/new/?congress={world.cast.congress.public_id}"),
        Stop(world.person("deputy", "mandate_grant")),
        form(world.mandate("deputy", "mandate_edit")),
        form(world.mandate("deputy", "mandate_end")),
        form(world.ended),
        Stop(world.person("deputy", "account")),
    ]


def stations(world: World) -> list[Stop]:
    return [form(world.rota_edit)]


def rosters(world: World) -> list[Stop]:
    return [
        form("/deputies/import/", press="上传并核对"),
        Stop(world.roster("wrong")),
        Stop(world.roster("right")),
        Stop(world.roster("right", "roster_confirm")),
        Stop(world.roster("right", "roster_discard")),
    ]


def congresses(world: World) -> list[Stop]:
    electoral_unit = world.cast.congress.electoral_units.get()
    return [
        Stop("/congresses/"),
        Stop("/congresses/new/"),
        form(f"/congresses/new/?region={world.cast.regions['town'].code}"),
        Stop(world.congress("detail")),
        form(world.congress("edit")),
        form(world.congress("settings")),
        form(world.congress("session_add")),
        form(world.congress("unit_add")),
        Stop(world.congress("session_edit", world.cast.session.pk)),
        Stop(world.congress("unit_edit", electoral_unit.pk)),
        Stop(world.congress("unit_remove", electoral_unit.pk)),
    ]


def calendar(world: World) -> list[Stop]:
    day = f"{world.holiday:%Y-%m-%d}"
    return [
        Stop("/calendar/"),
        form("/calendar/days/add/"),
        form(f"/calendar/days/{day}/edit/"),
        Stop(f"/calendar/days/{day}/remove/"),
        form("/calendar/import/"),
    ]


def system_admin(world: World) -> list[Stop]:
    return [
        Stop("/"),
        Stop("/system/users/"),
        form("/system/users/new/"),
        Stop(world.user("unit")),
        form(world.user("unit", "user_update")),
        form(world.user("unit", "user_deactivate")),
        Stop(world.user("unit", "user_initial_password")),
        Stop("/system/organisations/"),
        form("/system/organisations/new/"),
        form(world.office("other_unit")),
        form(world.office("other_unit", "organisation_deactivate")),
        Stop("/system/clients/"),
        form("/system/clients/new/"),
        Stop(world.client()),
        form(world.client("client_update")),
        form(world.client("client_deactivate")),
        Stop(world.client("client_secret_create")),
        Stop(world.client("client_console")),
        form(world.client_secret()),
        form(world.client("webhook_create")),
        *[Stop(world.webhook(page)) for page in ("webhook", "webhook_rotate", "webhook_deliveries")],
        *[form(world.webhook(page)) for page in ("webhook_update", "webhook_pause")],
        Stop(world.webhook_delivery()),
        Stop("/api/v1/docs/"),
        Stop("/system/permissions/"),
    ]


def security_admin(world: World) -> list[Stop]:
    posting = world.cast.users["unit"].postings.get()
    return [
        Stop("/"),
        Stop("/system/users/"),
        Stop(world.user("unit")),
        form(world.user("unit", "posting_grant")),
        form(reverse("system:posting_end", args=[posting.public_id])),
        form(world.user("unit", "user_second_factor_reset")),
    ]


def auditor(world: World) -> list[Stop]:
    return [Stop("/"), Stop("/audit/"), Stop("/audit/?q=没有这样的词"), Stop(world.audit_entry)]


def own_account(world: World) -> list[Stop]:
    return [
        form("/accounts/password/change/", press="修改密码"),
        form("/accounts/reauthenticate/", press="确认"),
        Stop("/accounts/2fa/"),
        form("/accounts/2fa/totp/activate/", press="启用"),
        Stop("/accounts/2fa/webauthn/"),
        Stop("/accounts/2fa/webauthn/add/"),
        Stop("/accounts/sessions/"),
        Stop("/accounts/logout/"),
    ]


def nobody(world: World) -> list[Stop]:
    """An account without a posting."""
    return [Stop("/"), Stop("/suggestions/", status=403)]


#: Deputies, and who has not signed in yet, come by phone; all others sit at a desk.
ON_PHONES = frozenset({"", "deputy", "cosigner", "other_deputy"})

#: Name of the round → (who goes, where).
ROUNDS: dict[str, tuple[str, Callable[[World], list[Stop]]]] = {
    "anonymous": ("", anonymous),
    "deputy writing": ("deputy", deputy_writing),
    "deputy reading": ("deputy", deputy_reading),
    "cosigner": ("cosigner", cosigner),
    "newcomer": ("other_deputy", newcomer),
    "clerk at the desk": ("insider", clerk_desk),
    "clerk's acts": ("insider", clerk_acts),
    "approver": ("approver", approver),
    "empty office": ("county_clerk", empty_office),
    "unit": ("unit", unit),
    "clerk's opinions": ("insider", clerk_opinions),
    "unit's opinions": ("unit", unit_opinions),
    "clerk's contacts": ("insider", contacts_desk),
    "deputy's contacts": ("deputy", contacts_of_deputies),
    "reports at the desk": ("insider", reports_desk),
    "deputy's reports": ("deputy", reports_writing),
    "unit's reports": ("unit", reports_unit),
    "clerk's hotline": ("insider", clerk_hotline),
    "keeper of the hotline": ("approver", keeper_hotline),
    "deputy's hotline": ("deputy", deputy_hotline),
    "prosecutor": ("prosecutor", prosecutor),
    "deputies": ("insider", deputies),
    "stations": ("insider", stations),
    "rosters": ("insider", rosters),
    "congresses": ("approver", congresses),
    "calendar": ("insider", calendar),
    "system administrator": ("system_admin", system_admin),
    "security administrator": ("security_admin", security_admin),
    "auditor": ("auditor", auditor),
    "own account": ("colleague", own_account),
    "nobody": ("nobody", nobody),
}
