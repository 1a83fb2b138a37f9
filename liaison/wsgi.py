"""WSGI entry point: what the app server imports."""

import os

from django.core.wsgi import get_wsgi_application

from liaison.charset import utf8_only
from liaison.embedded import start_if_configured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings.dev")

start_if_configured()
application = utf8_only(get_wsgi_application())
