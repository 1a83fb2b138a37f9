"""The steps that a person takes with a roster: upload, confirm, check anew, discard; and what becomes of old ones."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import JSONObject
from django.utils import timezone

from deputies.models import RosterImport, RosterRow
from deputies.selectors.congress import congresses_to_fill
from deputies.services.checks import require_fresh
from deputies.states import ROSTER_TRANSITIONS, RosterStatus
from liaison.actor import system_actor
from liaison.exceptions import DomainError, InvalidInput, NotFound
from liaison.filetypes import XLSX
from liaison.permissions import Permission
from liaison.services.attachment import check_upload
from liaison.services.audit import record_audit
from liaison.services.job import job_start

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor

READ_JOB, APPLY_JOB = "roster.read", "roster.apply"
#: An import that nobody confirmed is discarded after so many days: it holds personal data.
KEPT_DAYS = 14
FOLDER = "rosters"


@transaction.atomic
def roster_upload(*, actor: Actor, congress_id: UUID | str, upload: File[Any]) -> RosterImport:
    """Take a roster file in; a worker reads it after the commit.

    Args:
        congress_id: public id of one of ``congresses_to_fill(actor)``.
        upload: an xlsx file of at most ``ATTACHMENT_MAX_BYTES``.

    Raises:
        NotFound: no congress for which the actor registers deputies.
        NotAllowed: the role may not import.
        InvalidInput, TooLarge: a file that cannot be taken, with the reason.
    """
    congress = congresses_to_fill(actor).filter(public_id=congress_id).first()
    if congress is None:
        raise NotFound
    actor.require(Permission.DEPUTY_IMPORT)
    name, mime = check_upload(upload, field="file")
    if mime != XLSX.mimes["xlsx"]:
        text = f"“{name}”不是 .xlsx 文件。请用WPS或Excel打开名册，另存为“Excel工作簿(.xlsx)”后再上传。"
        raise InvalidInput(text, fields={"file": text})
    if actor.organisation_id is None or actor.user_id is None:
        raise DomainError("只有人大工作机构的工作人员可以导入名册。", code="no_office")
    roster = RosterImport(
        congress=congress, office_id=actor.organisation_id, uploaded_by_id=actor.user_id, file_name=name
    )
    roster.file.save("", upload, save=False)
    roster.save()
    _start(actor, roster, READ_JOB)
    roster.save(update_fields=["job", "updated_at"])
    record_audit(actor=actor, action="roster.upload", target=roster, title=_title(roster))
    return roster


@transaction.atomic
def roster_confirm(*, actor: Actor, roster_id: UUID | str, version: str = "") -> RosterImport:
    """Let the worker apply what the preview shows, all or nothing.

    Args:
        version: of the import as the page showed it; a preview made anew in between is not confirmed.

    Raises:
        NotFound: no such import of the actor's office.
        IllegalTransition: it waits for no confirmation (any more); the message says who was first.
        DomainError: rows are wrong, or there is nothing to do.
        StaleVersion: another preview has been made.
    """
    roster = lock_roster(actor, roster_id)
    ROSTER_TRANSITIONS.check(roster, "confirm", actor)
    require_fresh(roster.updated_at, version)
    if roster.count_wrong:
        raise DomainError(
            f"还有{roster.count_wrong}行有误，不能导入。请在表格里改正后重新上传，名册整份导入，不会只导入一部分。",
            code="roster_wrong",
        )
    if not roster.count_new + roster.count_changed:
        raise DomainError("名册与系统中的资料完全相同，没有需要导入的内容。", code="roster_same")
    ROSTER_TRANSITIONS.apply(roster, "confirm", actor)
    _start(actor, roster, APPLY_JOB)
    roster.save(update_fields=["status", "job", "updated_at"])
    detail = {"new": roster.count_new, "changed": roster.count_changed, "same": roster.count_same}
    record_audit(actor=actor, action="roster.confirm", target=roster, title=_title(roster), detail=detail)
    return roster


@transaction.atomic
def roster_reread(*, actor: Actor, roster_id: UUID | str) -> RosterImport:
    """Judge the same file anew, after what is registered has changed or a worker has given up.

    Raises:
        NotFound: no such import of the actor's office.
        IllegalTransition: applied or discarded already, or a worker is at it.
        DomainError: the file has been removed.
    """
    roster = lock_roster(actor, roster_id)
    ROSTER_TRANSITIONS.check(roster, "reread", actor)
    if not roster.file:
        raise DomainError("上传的文件已经删除，请重新上传名册。", code="roster_file_gone")
    ROSTER_TRANSITIONS.apply(roster, "reread", actor)
    roster.error = ""
    _start(actor, roster, READ_JOB)
    roster.save(update_fields=["status", "error", "job", "updated_at"])
    return roster


@transaction.atomic
def roster_discard(*, actor: Actor, roster_id: UUID | str) -> RosterImport:
    """Give an import up: the file and the personal data of its rows are removed.

    Raises:
        NotFound: no such import of the actor's office.
        IllegalTransition: applied or discarded already, or a worker is at it.
    """
    roster = lock_roster(actor, roster_id)
    ROSTER_TRANSITIONS.check(roster, "discard", actor)
    ROSTER_TRANSITIONS.apply(roster, "discard", actor)
    empty_roster(roster)
    roster.save(update_fields=["status", "file", "emptied_at", "remarks", "updated_at"])
    record_audit(actor=actor, action="roster.discard", target=roster, title=_title(roster))
    return roster


def lock_roster(actor: Actor, public_id: UUID | str) -> RosterImport:
    """The import, locked for the rest of the transaction.

    Raises:
        NotFound: no such import, or not of the actor's office.
    """
    roster = (
        RosterImport.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("congress__region", "job")
        .filter(public_id=public_id)
        .first()
    )
    if roster is None:
        raise NotFound
    return roster


def empty_roster(roster: RosterImport) -> None:
    """Remove the file, and from the rows all but line, verdict, name and certificate number; the caller saves."""
    if roster.file:
        transaction.on_commit(partial(default_storage.delete, str(roster.file.name)))
        roster.file = ""
    kept = JSONObject(certificate=F("values__certificate"), name=F("values__name"))
    RosterRow.objects.filter(roster_import=roster).update(values=kept, notes=[], fingerprint="")
    roster.remarks = []
    roster.emptied_at = timezone.now()


def rosters_tidy() -> int:
    """Discard imports that nobody confirmed for ``KEPT_DAYS`` and remove files that no import owns.

    Returns:
        How many imports were discarded. Safe to run twice.
    """
    before = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    old = RosterImport.objects.unscoped(reason="the daily tidying sees all imports").filter(
        status__in=[RosterStatus.READING, RosterStatus.PREVIEW, RosterStatus.APPLYING, RosterStatus.FAILED],
        updated_at__lt=before,
    )
    count = 0
    for public_id in list(old.values_list("public_id", flat=True)):
        try:
            roster_discard(actor=system_actor(), roster_id=public_id)
        except DomainError:
            continue  # a worker is at it
        count += 1
    _sweep_files()
    return count


def _sweep_files() -> None:
    """A rolled-back upload, or a crash between commit and removal, leaves a file behind."""
    if not default_storage.exists(FOLDER):
        return
    _folders, names = default_storage.listdir(FOLDER)
    everything = RosterImport.objects.unscoped(reason="files of all imports").exclude(file="")
    owned = set(everything.values_list("file", flat=True))
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    for name in names:
        path = f"{FOLDER}/{name}"
        # A file younger than an hour may belong to an upload that is being committed.
        if path not in owned and default_storage.get_modified_time(path) < hour_ago:
            default_storage.delete(path)


def _start(actor: Actor, roster: RosterImport, kind: str) -> None:
    what = "核对" if kind == READ_JOB else "导入"
    roster.job = job_start(
        actor=actor,
        kind=kind,
        title=f"{what}名册：{roster.congress.short_name}",
        params={"roster": str(roster.public_id)},
    )


def _title(roster: RosterImport) -> str:
    return f"{roster.congress.short_name}名册“{roster.file_name}”"
