from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    """The kernel: who may do what, where, until when."""

    name = "liaison"
    verbose_name = "联络履职平台"

    def ready(self) -> None:
        from liaison import checks, connections, receivers  # noqa: F401  (system checks; signals)
        from liaison.registrations import register

        register()
