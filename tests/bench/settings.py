"""Settings of the server under measurement: as `make run`, on a cluster of its own, without demo."""

from liaison.embedded import database_settings
from liaison.settings.base import *

ENVIRONMENT = "bench"
SECRET_KEY = "bench-only-" + "0" * 50
ALLOWED_HOSTS = ["127.0.0.1"]
PUBLIC_BASE_URL = "http://127.0.0.1"
ROOT_URLCONF = "tests.bench.urls"
# The load generator stands before the server and says whose request each is.
TRUSTED_PROXIES = 1
VAR_DIR = BASE_DIR / "var" / "bench"
MEDIA_ROOT = VAR_DIR / "files"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# Signing in is not what is measured.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CACHES = {
    "default": {
        "BACKEND": "liaison.localcache.LocalCache",
        "LOCATION": str(VAR_DIR / "cache"),
    }
}

EMBEDDED_POSTGRES = "bench"
DATABASES = {
    "default": database_settings(BASE_DIR, EMBEDDED_POSTGRES)
    | {"CONN_MAX_AGE": CONN_MAX_AGE, "CONN_HEALTH_CHECKS": True}
}

CELERY_BROKER_URL = "directory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(VAR_DIR / "celery" / "queue"),
    "data_folder_out": str(VAR_DIR / "celery" / "queue"),
    "control_folder": str(VAR_DIR / "celery" / "control"),
}
