"""What the deputies package tells the kernel: the deputy capacity, menu, audit wording."""

from __future__ import annotations

from deputies import deputy_registrations, profile_registrations, station_registrations
from deputies.selectors.actors import deputy_account_ids, deputy_capacities
from liaison.registry import registry


def register() -> None:
    """Called once by ``DeputiesConfig.ready()``."""
    deputy_registrations.register()
    station_registrations.register()
    registry.demos.append("deputies.demo.load")
    profile_registrations.register()
    registry.capacities.append(deputy_capacities)
    registry.accounts_without_posting.append(deputy_account_ids)
