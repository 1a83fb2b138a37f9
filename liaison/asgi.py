"""ASGI entry point, for servers that speak it; `make run` and the image use WSGI."""

import os

from django.core.asgi import get_asgi_application

from liaison.embedded import start_if_configured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings.dev")

start_if_configured()
application = get_asgi_application()
