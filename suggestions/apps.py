from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    """What deputies raise, and what becomes of it."""

    name = "suggestions"
    verbose_name = "代表建议"

    def ready(self) -> None:
        from suggestions.registrations import register

        register()
