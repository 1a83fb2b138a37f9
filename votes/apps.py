from django.apps import AppConfig


class VotesConfig(AppConfig):
    """What the deputies decide, and what becomes of it."""

    name = "votes"
    verbose_name = "民生实事项目票决"

    def ready(self) -> None:
        from votes.registrations import register

        register()
