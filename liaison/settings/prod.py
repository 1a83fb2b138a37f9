"""Production: refuses to start without its values. Every value may come as NAME or as NAME_FILE."""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from liaison.settings.base import *

ENVIRONMENT = "prod"

REQUIRED = [
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "PUBLIC_BASE_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
]
_missing = [name for name in REQUIRED if not env.str(name, default="").strip()]
if _missing:
    raise ImproperlyConfigured(
        "Production settings need these environment variables (or NAME_FILE): " + ", ".join(_missing)
    )
if env.bool("DEMO_MODE", default=False):
    raise ImproperlyConfigured("DEMO_MODE lets anybody sign in and cannot be used with production settings.")
if env.bool("DEBUG", default=False):
    raise ImproperlyConfigured("DEBUG shows source and settings to visitors and cannot be used in production.")

SECRET_KEY = env.str("SECRET_KEY").strip()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL").strip().rstrip("/")
if urlsplit(PUBLIC_BASE_URL).scheme != "https":
    raise ImproperlyConfigured("PUBLIC_BASE_URL must start with https://")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_BASE_URL])

VAR_DIR = Path(env.str("VAR_DIR", default=str(VAR_DIR)))
MEDIA_ROOT = VAR_DIR / "files"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celery" / "beat-schedule")

_database = env.db_url("DATABASE_URL")
# The password may come apart, so that one secret file serves the database container and us.
if _password := env.str("DATABASE_PASSWORD", default="").strip():
    _database["PASSWORD"] = _password
_database |= {"CONN_MAX_AGE": CONN_MAX_AGE, "CONN_HEALTH_CHECKS": True}
_database["OPTIONS"] = {"connect_timeout": 5} | _database.get("OPTIONS", {})
DATABASES = {"default": _database}

REDIS_URL = env.str("REDIS_URL").strip()
CELERY_BROKER_URL = REDIS_URL
# Longer than any task may run, or Redis hands a running task to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "liaison",
    }
}

vars().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL").strip()
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# The reverse proxy ends TLS and sets X-Forwarded-Proto itself, dropping what the client sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-liaison_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-liaison_csrf"

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
