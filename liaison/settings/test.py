"""For pytest: fast and sealed, on an embedded cluster of its own unless DATABASE_URL names a server."""

from liaison.embedded import database_settings
from liaison.settings.base import *

ENVIRONMENT = "test"
SECRET_KEY = "test-only-" + "0" * 50
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PUBLIC_BASE_URL = "http://testserver"
VAR_DIR = BASE_DIR / "var" / "test"
MEDIA_ROOT = VAR_DIR / "files"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    EMBEDDED_POSTGRES = "test"
    DATABASES = {"default": database_settings(BASE_DIR, EMBEDDED_POSTGRES)}

DATABASES["default"]["TEST"] = {}  # tests/database.py names the copy that a run works on

# Tasks are not run by themselves: a test that wants one calls it, or starts a real worker.
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"

# Straight from static/: nothing to collect here.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
