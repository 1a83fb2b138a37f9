"""System checks of our own: what must never be true in production."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def demo_mode_stays_out_of_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demo sign-in buttons let anybody in, so they and the production settings exclude each other."""
    if settings.DEMO_MODE and settings.ENVIRONMENT == "prod":
        return [
            Error(
                "DEMO_MODE is on with the production settings.",
                hint="Demo sign-in needs no password. Remove DEMO_MODE from the environment.",
                id="liaison.E001",
            )
        ]
    return []
