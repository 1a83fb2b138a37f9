"""Drawing by lot who is appraised (履职评议对象随机抽取): the list, its fixing, the seed, the result.

The order protects it: whoever types the list does not know the seed, and once the seed is known the list cannot
change, not even from SQL (``votes.models.appraisal``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.exceptions import IllegalTransition, InvalidInput, NotAllowed, NotFound, StaleVersion
from liaison.permissions import Permission
from liaison.services.audit import record_audit
from votes.draw import SEPARATOR, ranked
from votes.models import Draw, RoundKind
from votes.selectors.draw import classes_of, congresses_to_draw_for, digest_of, take_of
from votes.services.round import OptionInput, round_create

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison.actor import Actor
    from votes.models import Round

#: Classes of a list, members of a class, and lines on the ballot that may follow.
MOST_CLASSES = 12
MOST_MEMBERS = 600
MOST_DRAWN = 60
LONGEST_NAME, LONGEST_POST = 30, 60


def lock_draw(actor: Actor, public_id: UUID, *, basis: str = "") -> Draw:
    """The draw, locked for the rest of the transaction.

    Args:
        basis: digest of the list as the page showed it; "" when the act does not depend on what was shown.

    Raises:
        NotFound: no such draw, or not visible to the actor.
        NotAllowed: visible, but another office's.
        StaleVersion: somebody changed the list in between.
    """
    draw = (
        Draw.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("congress", "office")
        .filter(public_id=public_id)
        .first()
    )
    if draw is None:
        raise NotFound
    actor.require(Permission.PROGRAMME_EDIT)
    if not actor.is_system and draw.office_id != actor.organisation_id:
        raise NotAllowed("这次抽取由其他人大机构办理，您可以查看，不能代为办理。")
    if basis and basis != digest_of(draw):
        raise StaleVersion("您打开页面之后，名单已被他人修改。您填写的内容仍在下方，请核对后再保存。")
    return draw


@transaction.atomic
def draw_create(*, actor: Actor, public_id: UUID, values: Mapping[str, Any]) -> Draw:
    """Begin a draw: what it is for, and its list, which may still change.

    Args:
        public_id: chosen by the form, so that sending it twice makes one draw.
        values: title, year, congress_id, is_public, and classes: a list of slot, name, take, members (as typed).

    Raises:
        InvalidInput: something is missing or wrong; messages by field.
    """
    actor.require(Permission.PROGRAMME_EDIT)
    made = Draw.objects.visible_to(actor).filter(public_id=public_id, office_id=actor.organisation_id).first()
    if made is not None:
        return made
    congress = congresses_to_draw_for(actor).filter(pk=values.get("congress_id") or 0).first()
    if congress is None or congress.office is None:
        raise InvalidInput("请选择人民代表大会。", fields={"congress_id": "请选择本机构的人民代表大会。"})
    draw = Draw(public_id=public_id, congress=congress, office=congress.office, region_prefix=congress.region.prefix)
    _assign(draw, values)
    try:
        with transaction.atomic():
            draw.save()
    except IntegrityError:  # the same form, sent twice at the same moment
        made = Draw.objects.visible_to(actor).filter(public_id=public_id, office_id=actor.organisation_id).first()
        if made is None:
            raise
        return made
    _audit(actor, draw, "create", **_sizes(draw))
    return draw


@transaction.atomic
def draw_edit(*, actor: Actor, public_id: UUID, basis: str, values: Mapping[str, Any]) -> Draw:
    """Change the list, as long as it is not fixed.

    Args:
        basis: digest of the list as the form showed it.
        values: as for ``draw_create``, the congress left out.
    """
    draw = lock_draw(actor, public_id, basis=basis)
    _require_open(draw)
    _assign(draw, values)
    draw.save(update_fields=["title", "year", "is_public", "classes", "updated_at"])
    _audit(actor, draw, "edit", **_sizes(draw))
    return draw


@transaction.atomic
def draw_discard(*, actor: Actor, public_id: UUID) -> None:
    """Throw away a list that was never fixed."""
    draw = lock_draw(actor, public_id)
    _require_open(draw)
    _audit(actor, draw, "discard")
    draw.delete()


@transaction.atomic
def draw_fix_list(*, actor: Actor, public_id: UUID, basis: str) -> Draw:
    """Fix the list (锁定名单): from now on it is public by its digest and cannot change.

    Args:
        basis: digest of the list as the page showed it.
    """
    draw = lock_draw(actor, public_id, basis=basis)
    _require_open(draw)
    draw.list_hash, draw.fixed_at = digest_of(draw), timezone.now()
    draw.save(update_fields=["list_hash", "fixed_at", "updated_at"])
    _audit(actor, draw, "fix_list", list_hash=draw.list_hash)
    return draw


@transaction.atomic
def draw_run(*, actor: Actor, public_id: UUID, seed: str, seed_source: str) -> Draw:
    """Draw, once: the result follows from the fixed list and the seed that was read out.

    Args:
        seed: read out in public after the list was fixed.
        seed_source: where everybody can look it up.

    Raises:
        IllegalTransition: the list is not fixed, or it was drawn already.
        InvalidInput: no seed, or no source.
    """
    draw = lock_draw(actor, public_id)
    if not draw.is_fixed:
        raise IllegalTransition("名单还没有锁定。先锁定名单，再公布种子，才能抽取。")
    if draw.is_drawn:
        raise IllegalTransition("已经抽取过，每份名单只抽取一次。需要重新抽取的，请新建并写明原因。")
    seed, seed_source = " ".join(seed.split()), " ".join(seed_source.split())
    fields = {}
    if not seed:
        fields["seed"] = "请填写当众公布的种子。"
    elif len(seed) > 200:
        fields["seed"] = "种子最多200个字。"
    if not seed_source:
        fields["seed_source"] = "请写明种子从哪里来，别人在哪里可以查到。"
    elif len(seed_source) > 200:
        fields["seed_source"] = "来源最多200个字。"
    if fields:
        raise InvalidInput("种子还没有填好。", fields=fields)
    draw.seed, draw.seed_source, draw.drawn_at = seed, seed_source, timezone.now()
    take = take_of(draw)
    draw.drawn = [
        {"class": name, "member": ticket.member, "digest": ticket.digest}
        for name, members in classes_of(draw).items()
        for ticket in ranked(name, members, seed)[: take[name]]
    ]
    draw.save(update_fields=["seed", "seed_source", "drawn", "drawn_at", "updated_at"])
    _audit(actor, draw, "run", seed=seed, seed_source=seed_source, drawn=len(draw.drawn))
    return draw


@transaction.atomic
def draw_make_round(*, actor: Actor, public_id: UUID, title: str, scale: str, is_public: bool) -> Round:
    """Put those who were drawn to the vote (履职评议): one line of the ballot each, in the order drawn.

    Raises:
        IllegalTransition: not drawn yet, or the vote was made before.
    """
    draw = lock_draw(actor, public_id)
    if not draw.is_drawn:
        raise IllegalTransition("还没有抽取，不能建立履职评议。")
    if draw.round_id is not None:
        raise IllegalTransition("已经按这次抽取建立了履职评议，请到投票页面办理。")
    draw.round = round_create(
        actor=actor,
        congress_public_id=draw.congress.public_id,
        kind=RoundKind.DUTY,
        title=title,
        scale=scale,
        is_public=is_public,
        options=[OptionInput(name=row["member"], detail=f"{row['class']}，随机抽取产生") for row in draw.drawn],
    )
    draw.save(update_fields=["round", "updated_at"])
    _audit(actor, draw, "make_round", round=draw.round.title)
    return draw.round


def _require_open(draw: Draw) -> None:
    if draw.is_fixed:
        raise IllegalTransition("名单已经锁定，不能再改。名单有误的，请新建一次抽取并写明原因。")


def _assign(draw: Draw, values: Mapping[str, Any]) -> None:
    """Take over what was typed; every message stands by its field."""
    fields: dict[str, str] = {}
    draw.title = " ".join(str(values.get("title") or "").split())
    draw.year = values.get("year") or 0
    draw.is_public = bool(values.get("is_public"))
    if not draw.title:
        fields["title"] = "请填写名称。"
    if not 2015 <= draw.year <= 2100:
        fields["year"] = "请填写年度，例如 2026。"
    draw.classes = _classes(values.get("classes") or [], fields)
    try:
        draw.clean_fields(exclude=["congress", "office", "round", "classes", "year"])
    except ValidationError as error:
        fields = {name: "".join(messages) for name, messages in error.message_dict.items()} | fields
    if fields:
        raise InvalidInput("名单还没有填好。", fields=fields)


def _classes(typed: Sequence[Mapping[str, Any]], fields: dict[str, str]) -> list[dict[str, Any]]:
    """The classes as stored. Slots left empty do not count."""
    found: list[dict[str, Any]] = []
    for one in typed[:MOST_CLASSES]:
        slot = one["slot"]
        name = " ".join(str(one.get("name") or "").split())
        text = str(one.get("members") or "")
        if not name and not text.strip() and not one.get("take"):
            continue
        if not name:
            fields[f"class_{slot}_name"] = "请填写类别名称，例如“员额法官”。"
        elif len(name) > LONGEST_NAME or SEPARATOR in name or name.startswith("#"):
            fields[f"class_{slot}_name"] = f"类别名称最多{LONGEST_NAME}个字，不能有“{SEPARATOR}”，不能以“#”开头。"
        elif any(other["name"] == name for other in found):
            fields[f"class_{slot}_name"] = "这个类别上面已经有了，请合并到一起。"
        members, message = _members(text)
        if message:
            fields[f"class_{slot}_members"] = message
        take = one.get("take")
        if not take or take < 1:
            fields.setdefault(f"class_{slot}_take", "请填写抽取人数，至少1人。")
        elif not message and take > len(members):
            fields[f"class_{slot}_take"] = f"名单只有{len(members)}人，抽取人数不能更多。"
        found.append({"name": name, "take": take, "members": members})
    if not found:
        fields["class_1_name"] = "请至少填写一个类别。"
    elif sum(one["take"] or 0 for one in found) > MOST_DRAWN:
        fields[f"class_{typed[0]['slot']}_take"] = f"各类合计最多抽取{MOST_DRAWN}人：一张测评票列不下更多。"
    return found


def _members(text: str) -> tuple[list[dict[str, str]], str]:
    """One member a line, name and post; and what is wrong with it."""
    members: list[dict[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split(None, 1)
        if not parts:
            continue
        name, post = parts[0], " ".join(parts[1].split()) if len(parts) > 1 else ""
        if SEPARATOR in line or len(name) > LONGEST_NAME or len(post) > LONGEST_POST:
            return (
                members,
                f"第{number}行：姓名最多{LONGEST_NAME}个字，职务最多{LONGEST_POST}个字，不能有“{SEPARATOR}”。",
            )
        if {"name": name, "post": post} in members:
            return members, f"第{number}行“{line.strip()}”前面已经有了。确有同名同职务的，请在职务里区分。"
        members.append({"name": name, "post": post})
    if not members:
        return members, "请填写名单，一行一人。"
    if len(members) > MOST_MEMBERS:
        return members, f"一个类别最多{MOST_MEMBERS}人，现有{len(members)}人。"
    return members, ""


def _sizes(draw: Draw) -> dict[str, Any]:
    return {"classes": [f"{one['name']}{len(one['members'])}人抽{one['take']}人" for one in draw.classes]}


def _audit(actor: Actor, draw: Draw, verb: str, **detail: Any) -> None:
    record_audit(actor=actor, action=f"draw.{verb}", target=draw, region_prefix=draw.region_prefix, detail=detail)
