#!/usr/bin/env python
"""Django's command line, with the embedded PostgreSQL started when the settings ask for it."""

import os
import sys

# Commands that never touch the database need no server.
WITHOUT_DATABASE = {"help", "version", "--help", "--version", "collectstatic", "findstatic"}


def settings_module(argv: list[str]) -> str | None:
    """The value of --settings, which Django itself reads only later."""
    for position, argument in enumerate(argv):
        if argument == "--settings" and position + 1 < len(argv):
            return argv[position + 1]
        if argument.startswith("--settings="):
            return argument.partition("=")[2]
    return None


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings.dev")
    if chosen := settings_module(sys.argv):
        os.environ["DJANGO_SETTINGS_MODULE"] = chosen
    from django.core.management import execute_from_command_line

    from liaison.embedded import start_if_configured

    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_DATABASE:
        start_if_configured()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
