"""The activities that the routes of the matrix are about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from deputies.models import Activity
from deputies.services.activity_own import own_return
from deputies.services.calendar_feed import feed_renew
from liaison.models import Attachment
from tests.deputies import activities
from tests.filemakers import png

if TYPE_CHECKING:
    from tests.cast import Cast


class ActivitiesWorld:
    """Part of the ``World``."""

    cast: Cast

    @cached_property
    def invited_activity(self) -> Activity:
        """Planned by the county, with the deputy and the cosigner."""
        return activities.invited(self.cast)

    @cached_property
    def announced_activity(self) -> Activity:
        return activities.announced(self.cast)

    @cached_property
    def running_activity(self) -> Activity:
        return activities.running(self.cast)

    @cached_property
    def held_activity(self) -> Activity:
        return activities.held(self.cast)

    @cached_property
    def activity_picture(self) -> Attachment:
        """Of the held one."""
        photo = SimpleUploadedFile("现场.png", png())
        activities.record(self.cast, self.held_activity, {}, pictures=[photo], finish=False)
        return Attachment.objects.get(
            content_type=ContentType.objects.get_for_model(Activity), object_id=self.held_activity.pk
        )

    @cached_property
    def recorded_activity(self) -> Activity:
        return activities.recorded(self.cast)

    @cached_property
    def own_activity(self) -> Activity:
        """The deputy's, to be confirmed."""
        return activities.own(self.cast)

    @cached_property
    def returned_activity(self) -> Activity:
        """The deputy's, sent back."""
        activity = activities.own(self.cast, title="走访兰溪镇")
        return own_return(
            actor=self.cast.actor("county_clerk"), activity_id=activity.public_id, reason="请写明走访了谁。"
        )

    @cached_property
    def calendar_secret(self) -> str:
        return feed_renew(actor=self.cast.actor("deputy"))
