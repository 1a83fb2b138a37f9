from django.apps import AppConfig


class DeputiesConfig(AppConfig):
    """Who the deputies are, where they meet people and what they do."""

    name = "deputies"
    verbose_name = "代表"

    def ready(self) -> None:
        from deputies.registrations import register

        register()
