"""The verdict on each row: new, changed (old → new), same, or wrong and why.

One judge for the preview and for applying: what was shown is compared with what would be done, and
when the two differ (somebody changed the data in between) nothing is done.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deputies.models import Gender, ProfessionClass, RowVerdict, TagKind
from deputies.services.mandate import age_problem, home_prefix_of, term_problem, within
from deputies.services.roster.columns import BY_KEY, COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deputies.models import Mandate, Person
    from deputies.services.roster.cells import ParsedRow
    from deputies.services.roster.standing import Standing

PERSON_KEYS = ("name", "gender", "ethnicity", "birth_month", "phone", "employer", "post")
MANDATE_KEYS = ("electoral_unit", "profession_class", "started_on")
TAG_KINDS = {"industries": TagKind.INDUSTRY, "expertise": TagKind.EXPERTISE}


@dataclass(slots=True)
class Judged:
    """A row with its verdict, and what applying it would do.

    Args:
        notes: for the page: ``{"kind": wrong|change|info, "column": header, "text"|"old", "new": …}``,
            phone numbers masked.
        mandate: the registered one; None for a deputy who is new.
        person: who holds it, or will; None for a person who is new.
        changes: column key → new value, of what differs.
    """

    row: ParsedRow
    verdict: RowVerdict = RowVerdict.SAME
    notes: list[dict[str, str]] = field(default_factory=list)
    mandate: Mandate | None = None
    person: Person | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    _seen: list[Any] = field(default_factory=list)

    def wrong(self, key: str, text: str) -> None:
        """The row cannot be taken because of this column."""
        self.verdict = RowVerdict.WRONG
        self.notes.append({"kind": "wrong", "column": BY_KEY[key].header, "text": text})

    def info(self, key: str, text: str) -> None:
        """Something to know about this column."""
        self.notes.append({"kind": "info", "column": BY_KEY[key].header, "text": text})

    def change(self, key: str, old: Any, new: Any) -> None:
        """This column would become something else."""
        self.changes[key] = new
        self._seen.append([key, str(old), str(new)])
        note = {"kind": "change", "column": BY_KEY[key].header, "old": shown(key, old), "new": shown(key, new)}
        self.notes.append(note)

    @property
    def fingerprint(self) -> str:
        """Of everything that was seen, whole phone numbers too, without holding them."""
        seen = [self.verdict, self.notes, self._seen, self.mandate and self.mandate.pk, self.person and self.person.pk]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False, default=str).encode()).hexdigest()[:20]


def shown(key: str, value: Any) -> str:
    """A value as the preview shows it."""
    if not value:
        return "（空）"
    if key == "phone":
        return f"{value[:3]}****{value[-4:]}"
    if key == "gender":
        return str(Gender(value).label)
    if key == "profession_class":
        return str(ProfessionClass(value).label)
    if key in TAG_KINDS:
        return "、".join(value)
    return str(value)


def judge(rows: Sequence[ParsedRow], standing: Standing) -> list[Judged]:
    """The verdicts, in the order of the rows."""
    judged = [Judged(row=row) for row in rows]
    moving = _moving_phones(judged, standing)
    _twice_in_file(judged)
    for one in judged:
        for key, text in one.row.problems:
            one.wrong(key, text)
        bad = {key for key, _text in one.row.problems}
        values = one.row.values
        if "certificate" not in values:
            if "certificate" not in bad:
                one.wrong("certificate", "没有填写。")
            continue
        one.mandate = standing.mandates.get(values["certificate"])
        if one.mandate is None:
            _judge_new(one, standing, bad, moving)
        else:
            _judge_known(one, one.mandate, standing, moving)
    for one in judged:
        if one.verdict != RowVerdict.WRONG:
            one.verdict = (
                RowVerdict.NEW if one.mandate is None else RowVerdict.CHANGED if one.changes else RowVerdict.SAME
            )
    return judged


def remarks(judged: Sequence[Judged], standing: Standing) -> list[str]:
    """What to know of the roster as a whole."""
    found = []
    units = dict.fromkeys(
        name for one in judged if (name := one.row.values.get("electoral_unit")) and name not in standing.units
    )
    if units:
        found.append(f"将新增选举单位{len(units)}个：{_some(list(units))}。如是笔误，请改正后重新上传。")
    for key, kind in TAG_KINDS.items():
        names = dict.fromkeys(
            name for one in judged for name in one.row.values.get(key, ()) if (kind, name) not in standing.known_tags
        )
        if names:
            found.append(f"将新增{kind.label}标签{len(names)}个：{_some(list(names))}。")
    places = standing.congress.deputy_places
    if places is not None:
        known = set(standing.mandates)
        in_force = standing.congress.mandates.in_force().count()
        total = in_force + sum(1 for one in judged if one.row.values.get("certificate") not in known)
        if total > places:
            found.append(f"导入后在任代表将有{total}名，超过代表名额{places}名，请核对。")
    return found


def _some(names: list[str], most: int = 10) -> str:
    return "、".join(names[:most]) + (f"等{len(names)}个" if len(names) > most else "")


def _twice_in_file(judged: list[Judged]) -> None:
    """The same certificate, phone or person in two rows: the later row is wrong."""
    lines: dict[tuple[str, str], int] = {}
    people: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for one in judged:
        values, line = one.row.values, one.row.line
        for key, what in (("certificate", "代表证号"), ("phone", "手机号码")):
            value = values.get(key)
            earlier = lines.setdefault((key, value), line) if value else line
            if earlier != line:
                one.wrong(key, f"与第{earlier}行{what}相同。")
        mark = (values.get("name", ""), values.get("birth_month") or values.get("employer", ""))
        phone = values.get("phone", "")
        if all(mark):
            # Two namesakes are two people when each has a phone of their own.
            same = [earlier for earlier, other in people.setdefault(mark, []) if not (phone and other)]
            if same:
                text = (
                    f"与第{same[0]}行姓名、出生年月（或工作单位）相同，疑为同一人。如确为两人，请填写各自的手机号码。"
                )
                one.wrong("name", text)
            people[mark].append((line, phone))


def _moving_phones(judged: list[Judged], standing: Standing) -> set[int]:
    """People of the file who get another phone than they have: theirs may go to somebody else of the file."""
    moving: set[int] = set()
    for one in judged:
        mandate = standing.mandates.get(one.row.values.get("certificate", ""))
        phone = one.row.values.get("phone")
        if mandate is not None and phone and mandate.person.phone and mandate.person.phone != phone:
            moving.add(mandate.person_id)
    return moving


def _judge_new(one: Judged, standing: Standing, bad: set[str], moving: set[int]) -> None:
    values = one.row.values
    for column in COLUMNS:
        if column.required and column.key not in values and column.key not in bad:
            one.wrong(column.key, "没有填写，新代表必须填写。")
    one.person = _known_person(one, standing)
    if one.person is not None:
        certificate = standing.in_force.get(one.person.pk)
        if certificate is not None:
            one.wrong("certificate", f"{one.person.name}在本届已有在任的代表资格，代表证号是{certificate}。")
        else:
            one.info("name", "系统中已有此人，将为其登记新的代表资格，个人资料只补充空缺。")
            _fill_gaps(one, one.person, standing)
    else:
        _check_phone(one, standing, None, moving)
    _check_unit(one, standing)
    started_on = _day(values.get("started_on")) or standing.congress.starts_on
    born = one.person.birth_month if one.person is not None else _month(values.get("birth_month"))
    _check_days(one, standing, started_on, born)


def _fill_gaps(one: Judged, person: Person, standing: Standing) -> None:
    """Of a person who is known, only what was empty is taken; nothing of somebody whom the actor does not see."""
    if person.pk not in standing.visible:
        return
    values = one.row.values
    for key in PERSON_KEYS:
        if key in values and not getattr(person, key):
            one.change(key, "", values[key])
    if "phone" in one.changes:
        _check_phone(one, standing, person, set())
    tags = standing.tags.get(person.pk, set())
    for key, kind in TAG_KINDS.items():
        if key in values and not any(tag_kind == kind for tag_kind, _name in tags):
            one.change(key, [], values[key])


def _known_person(one: Judged, standing: Standing) -> Person | None:
    """The same name with the same phone is the same person; without a phone, the same name and month of birth."""
    values = one.row.values
    name, phone, born = values.get("name"), values.get("phone"), _month(values.get("birth_month"))
    owner = standing.people_by_phone.get(phone) if phone else None
    if owner is not None and owner.name == name:
        return owner
    if owner is None and name and born:
        for person in standing.people_by_name.get(name, ()):
            if person.birth_month == born and not (phone and person.phone):
                return person
    return None


def _judge_known(one: Judged, mandate: Mandate, standing: Standing, moving: set[int]) -> None:
    congress, person, values = standing.congress, mandate.person, one.row.values
    one.person = person
    in_scope = within(standing.actor, mandate.home_prefix)
    if mandate.congress_id != congress.pk or not in_scope:
        where = f"{mandate.congress.short_name}的{person.name}" if in_scope else "其他地方或其他届次的代表"
        one.wrong("certificate", f"这个代表证号已用于{where}。")
        return
    if mandate.ended_on is not None:
        one.wrong("certificate", f"{person.name}的这一代表资格已于{mandate.ended_on:%Y-%m-%d}终止。")
        return
    name = values.get("name")
    if name and name != person.name:
        same = (values.get("phone") == person.phone and person.phone) or (
            person.birth_month is not None and values.get("birth_month") == f"{person.birth_month:%Y-%m}"
        )
        if not same:
            one.wrong("name", f"这个代表证号登记的是{person.name}。如系更名，请先在代表页面修改姓名。")
            return
    for key in PERSON_KEYS:
        old = f"{person.birth_month:%Y-%m}" if key == "birth_month" and person.birth_month else getattr(person, key)
        if key in values and values[key] != (old or ""):
            one.change(key, old, values[key])
    _judge_mandate(one, mandate, standing)
    tags = standing.tags.get(person.pk, set())
    for key, kind in TAG_KINDS.items():
        old_names = sorted(name for tag_kind, name in tags if tag_kind == kind)
        if key in values and sorted(values[key]) != old_names:
            one.change(key, old_names, values[key])
    if "phone" in one.changes:
        _check_phone(one, standing, person, moving)
    if {"electoral_unit", "birth_month", "started_on"} & one.changes.keys():
        born = _month(one.changes.get("birth_month")) or person.birth_month
        _check_days(one, standing, _day(one.changes.get("started_on")) or mandate.started_on, born)


def _judge_mandate(one: Judged, mandate: Mandate, standing: Standing) -> None:
    values = one.row.values
    registered = {
        "electoral_unit": mandate.electoral_unit.name if mandate.electoral_unit else "",
        "profession_class": mandate.profession_class,
        "started_on": mandate.started_on.isoformat(),
    }
    for key in MANDATE_KEYS:
        if key in values and values[key] != registered[key]:
            one.change(key, registered[key], values[key])
    if "electoral_unit" in one.changes:
        _check_unit(one, standing)


def _check_unit(one: Judged, standing: Standing) -> None:
    """The unit, or the congress itself, must lie in the actor's subtree; an unknown unit will be made."""
    name = one.row.values.get("electoral_unit")
    unit = standing.units.get(name) if name else None
    if not within(standing.actor, home_prefix_of(standing.congress, unit)):
        text = "不在您的区划范围内，应由当地登记。" if unit else "上级届次的代表，请填写已登记的本地选举单位。"
        one.wrong("electoral_unit", text)
    elif name and unit is None:
        one.info("electoral_unit", f"“{name}”没有登记过，导入时新增。")


def _check_phone(one: Judged, standing: Standing, person: Person | None, moving: set[int]) -> None:
    """A phone belongs to one person, and a sign-in phone to one account."""
    phone = one.row.values.get("phone")
    if not phone:
        return
    owner = standing.people_by_phone.get(phone)
    if owner is not None and owner is not person and owner.pk != (person.pk if person else None):
        if owner.pk not in moving:
            whose = owner.name if owner.pk in standing.visible else "其他地方的代表"
            one.wrong("phone", f"已登记在{whose}名下，每人一个手机号码。")
        return
    account = standing.users_by_phone.get(phone)
    if person is not None and person.user_id is not None and account not in {None, person.user_id}:
        one.wrong("phone", "已是另一个登录账号的手机号码，请先核对。")


def _check_days(one: Judged, standing: Standing, started_on: dt.date, born: dt.date | None) -> None:
    problem = term_problem(standing.congress, started_on)
    if problem:
        one.wrong("started_on", problem)
    problem = age_problem(born, started_on)
    if problem:
        one.wrong("birth_month", problem)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _month(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(f"{text}-01") if text else None
