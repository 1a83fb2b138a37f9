"""What the votes package tells the kernel; each part of it in a module of its own."""

from __future__ import annotations

from votes import programme_registrations, project_registrations, round_registrations, summary_registrations


def register() -> None:
    """Called once by ``VotesConfig.ready()``."""
    programme_registrations.register()
    round_registrations.register()
    project_registrations.register()
    summary_registrations.register()
