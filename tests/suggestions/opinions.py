"""Opinions for tests: a station with deputies, and opinions in any state, by the services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from liaison.actor import ANONYMOUS
from suggestions.models import Opinion
from suggestions.selectors.opinion_open import opinion_target
from suggestions.services.opinion import opinion_assign_deputy, opinion_hand_over
from suggestions.services.opinion_public import opinion_submit
from suggestions.services.opinion_record import opinion_record
from tests.deputies.open_stations import make_station, place

if TYPE_CHECKING:
    from uuid import UUID

    from deputies.models import Station
    from tests.cast import Cast

TEXT = "高桥村村口的路灯坏了半个月，晚上老人出门看不见路。"
PHONE = "13973712345"


@dataclass
class Scene:
    """八字哨镇代表联络站, kept by the city's office, where 李代表 stands. The other deputies stand nowhere."""

    cast: Cast
    station: Station

    @property
    def clerk(self) -> Any:
        """Who handles: 市人大联工委 经办."""
        return self.cast.actor("insider")

    @property
    def deputy(self) -> Any:
        return self.cast.actor("deputy")

    def submit(self, text: str = TEXT, *, to_deputy: bool = False, **fields: Any) -> tuple[Opinion, str]:
        """From the public, with its receipt code."""
        values = {"text": text, "place": fields.pop("place", "高桥村"), "contact_phone": fields.pop("phone", "")}
        person = self.cast.people["deputy"].public_id if to_deputy else None
        return opinion_submit(
            actor=ANONYMOUS,
            client_token=fields.pop("token", None) or uuid.uuid4(),
            channel="qr",
            target=opinion_target(station_public_id=self.station.public_id, person_public_id=person),
            values=values | fields.pop("values", {}),
            **fields,
        )

    def received(self, text: str = TEXT, **fields: Any) -> Opinion:
        """One that waits to be sorted."""
        return self.submit(text, **fields)[0]

    def asked(self, who: str = "deputy", **fields: Any) -> Opinion:
        """One that a deputy was asked to answer."""
        return opinion_assign_deputy(
            actor=self.clerk,
            public_id=self.received(**fields).public_id,
            version=None,
            mandate_public_id=self.cast.mandates[who].public_id,
        )

    def handed(self, **fields: Any) -> Opinion:
        """One that 市生态环境局 handles."""
        return self.hand_over(self.received(**fields).public_id)

    def hand_over(self, public_id: UUID) -> Opinion:
        return opinion_hand_over(
            actor=self.clerk, public_id=public_id, version=None, unit_public_id=self.cast.offices["unit"].public_id
        )

    def recorded(self, who: str = "insider", *, answer: str = "", **values: Any) -> Opinion:
        """One that staff or a deputy wrote down."""
        typed = {"channel": "desk", "text": TEXT, "station_public_id": self.station.public_id} | values
        return opinion_record(actor=self.cast.actor(who), client_token=uuid.uuid4(), values=typed, answer=answer)[0]


def build_scene(cast: Cast) -> Scene:
    station = make_station(cast, office=cast.offices["city_office"])
    place(station, cast.mandates["deputy"])
    return Scene(cast, station)
