"""What a deputy shows of themselves to everybody: chosen by the deputy, or by staff for them with their consent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from deputies.models import ContactKind, PublicProfile
from deputies.selectors.open_deputy import PICTURE_MIMES
from deputies.services.checks import clean_model, require_fresh
from deputies.services.person import lock_person
from deputies.services.tracking import acting
from liaison.exceptions import InvalidInput
from liaison.filetypes import UnacceptableFile
from liaison.permissions import Permission
from liaison.photographs import without_notes
from liaison.services.attachment import attachment_add, attachment_remove, check_upload
from liaison.services.audit import record_audit

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.base import File

    from liaison.actor import Actor
    from liaison.models import Attachment

PHOTO_SLOT = "photo"
MAX_PHOTO_BYTES = 5 * 1024 * 1024
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")
#: An identity card's or a mobile phone's number within a text.
_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """What may be chosen.

    Args:
        contact: as everybody shall read it; "" when none is shown.
        is_hidden: not shown at all: on no page, no board, in no rota.
    """

    introduction: str = ""
    contact_kind: str = ContactKind.NONE
    contact: str = ""
    hide_unit: bool = False
    hide_post: bool = False
    hide_photo: bool = False
    is_hidden: bool = False


PROFILE_FIELDS = ("introduction", "contact_kind", "contact", "hide_unit", "hide_post", "hide_photo", "is_hidden")


@transaction.atomic
def profile_save(
    *,
    actor: Actor,
    person_id: UUID | str,
    facts: ProfileFacts,
    photo: File[Any] | None = None,
    remove_photo: bool = False,
    version: str = "",
) -> PublicProfile:
    """Change what everybody sees of a deputy.

    Args:
        person_id: public id; a deputy's own, or of one whom the staff see.
        photo: a new photograph, which replaces the one there was; what a camera wrote into it is taken out.
        version: what the form was opened with; "" when the act does not depend on what was shown.

    Raises:
        NotFound: no such person, or not visible to the actor.
        NotAllowed: neither the deputy nor staff who keep the stations.
        StaleVersion: somebody changed the profile in between.
        InvalidInput, TooLarge: with messages by field.
    """
    person = lock_person(actor, person_id)
    actor.require(Permission.PROFILE_EDIT if actor.is_deputy else Permission.STATION_EDIT)
    profile = PublicProfile.objects.visible_to(actor).select_for_update(of=("self",)).filter(person=person).first()
    is_new = profile is None
    profile = profile or PublicProfile(person=person)
    if not is_new:
        require_fresh(profile.updated_at, version)
    before = {field: getattr(profile, field) for field in PROFILE_FIELDS}
    for field in PROFILE_FIELDS:
        value = getattr(facts, field)
        setattr(profile, field, value.strip() if isinstance(value, str) else value)
    _check_words(profile)
    clean_model(profile, exclude=["person", "photo"])
    with acting(actor):
        if is_new:
            profile.save()
        changed_photo = _set_photo(actor, profile, photo, remove=remove_photo)
        if not is_new or changed_photo:
            profile.save(update_fields=[*PROFILE_FIELDS, "photo", "updated_at"])
    detail = _audit_detail({} if is_new else before, profile) | ({"photo": "changed"} if changed_photo else {})
    record_audit(actor=actor, action="profile.edit", target=profile, detail=detail)
    return profile


def _check_words(profile: PublicProfile) -> None:
    """The contact as it was chosen; no number of an identity card or a phone in the text."""
    if profile.contact_kind == ContactKind.NONE:
        profile.contact = ""
    elif not profile.contact:
        message = "请填写要公开的联系方式，或者选择“不公开联系方式”。"
        raise InvalidInput(message, fields={"contact": message})
    if profile.contact_kind == ContactKind.PHONE and not _PHONE.fullmatch(profile.contact):
        message = "电话请写数字，区号后可加短横线，例如 0737-4220000。"
        raise InvalidInput(message, fields={"contact": message})
    if profile.contact_kind == ContactKind.EMAIL:
        try:
            validate_email(profile.contact)
        except ValidationError:
            message = "电子邮箱的格式不对，例如 name@example.com。"
            raise InvalidInput(message, fields={"contact": message}) from None
    if _NUMBER.search(profile.introduction):
        message = "简介里请不要写身份证号或手机号码；愿意公开的电话，请填在“公开的联系方式”里。"
        raise InvalidInput(message, fields={"introduction": message})


def _set_photo(actor: Actor, profile: PublicProfile, photo: File[Any] | None, *, remove: bool) -> bool:
    old: Attachment | None = profile.photo
    if photo is None and not (remove and old is not None):
        return False
    profile.photo = _kept_photo(actor, profile, photo) if photo is not None else None
    if old is not None and old != profile.photo:
        attachment_remove(actor=actor, owner=profile, public_id=old.public_id)
    return old != profile.photo


def _kept_photo(actor: Actor, profile: PublicProfile, photo: File[Any]) -> Attachment:
    _name, mime = check_upload(photo, field="photo")
    if mime not in PICTURE_MIMES:
        message = "照片请上传JPG、PNG或WebP图片。"
        raise InvalidInput(message, fields={"photo": message})
    if (photo.size or 0) > MAX_PHOTO_BYTES:
        message = f"照片有{(photo.size or 0) / 1024 / 1024:.1f} MB，超过了5 MB的上限。请压缩后再上传。"
        raise InvalidInput(message, fields={"photo": message})
    try:
        clean = without_notes(photo, mime)
    except UnacceptableFile as refused:
        raise InvalidInput(refused.reason, fields={"photo": refused.reason}) from None
    return attachment_add(actor=actor, owner=profile, slot=PHOTO_SLOT, upload=clean, field="photo")


def _audit_detail(before: dict[str, Any], profile: PublicProfile) -> dict[str, Any]:
    """Old and new of what changed; of texts and contact only that they did."""
    untouched = ProfileFacts()
    defaults = before or {field: getattr(untouched, field) for field in PROFILE_FIELDS}
    changed = {field: (old, getattr(profile, field)) for field, old in defaults.items()}
    return {
        field: "changed" if field in {"introduction", "contact"} else [_word(old), _word(new)]
        for field, (old, new) in changed.items()
        if old != new
    }


def _word(value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(ContactKind(value).label)
