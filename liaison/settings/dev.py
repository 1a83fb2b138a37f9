"""On a workstation, and what `make run` uses: nothing outside the checkout is needed.

DATABASE_URL and REDIS_URL point to real services when set. DEBUG=1 turns Django's debug pages on.
"""

import environ

from liaison.embedded import database_settings
from liaison.settings.base import *
from liaison.settings.secretkey import dev_secret_key

environ.Env.read_env(BASE_DIR / ".env")

ENVIRONMENT = "dev"
DEBUG = env.bool("DEBUG", default=False)
DEMO_MODE = env.bool("DEMO_MODE", default=True)
# The demo's accounts are everybody's: nobody should be asked to give them a new password.
PASSWORD_ROTATION_DAYS = env.int("PASSWORD_ROTATION_DAYS", default=0 if DEMO_MODE else 90)
SECRET_KEY = env.str("SECRET_KEY", default="") or dev_secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
# A passkey is bound to a site's address; browsers accept plain http for localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    EMBEDDED_POSTGRES = "dev"
    DATABASES = {"default": database_settings(BASE_DIR, EMBEDDED_POSTGRES)}
DATABASES["default"] |= {"CONN_MAX_AGE": CONN_MAX_AGE, "CONN_HEALTH_CHECKS": True}

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "liaison",
        }
    }
else:
    CELERY_BROKER_URL = "directory://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "celery" / "queue"),
        "data_folder_out": str(VAR_DIR / "celery" / "queue"),
        "control_folder": str(VAR_DIR / "celery" / "control"),
        "polling_interval": 0.2,  # seconds
    }

if env.str("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
else:
    # Every message becomes a file a person can open, so a password reset can be followed without mail.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# Straight from static/: nothing to collect here.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
