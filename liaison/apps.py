from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    """The kernel: who may do what, where, until when."""

    name = "liaison"
    verbose_name = "联络履职平台"

    def ready(self) -> None:
        from liaison import checks, receivers  # noqa: F401  (system checks; signals of sign-in)
        from liaison.registrations import register

        register()
