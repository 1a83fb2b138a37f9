"""What the deputies package tells the kernel: the deputy capacity, menu, audit wording."""

from __future__ import annotations

from deputies import (
    activity_registrations,
    campaign_registrations,
    contact_registrations,
    deputy_registrations,
    duty_registrations,
    profile_registrations,
    report_registrations,
    station_registrations,
)
from deputies.selectors.actors import deputy_account_ids, deputy_capacities
from liaison.registry import registry


def register() -> None:
    """Called once by ``DeputiesConfig.ready()``."""
    deputy_registrations.register()
    station_registrations.register()
    campaign_registrations.register()
    activity_registrations.register()  # its demo links to the campaigns
    report_registrations.register()
    contact_registrations.register()
    duty_registrations.register()
    registry.demos.append("deputies.demo.load")
    registry.demos.append("deputies.demo_campaigns.load")
    profile_registrations.register()
    registry.demos.append("deputies.demo_contacts.load")
    registry.capacities.append(deputy_capacities)
    registry.accounts_without_posting.append(deputy_account_ids)
