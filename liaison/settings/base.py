"""Settings shared by every environment.

Nothing here reads a secret or a service address: dev, test and prod each say where theirs come from.
Values are read with `env`, which also accepts NAME_FILE (a path to a file that holds the value),
so that a container gets its secrets from files and not from its environment.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from liaison.settings.schedule import *

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.FileAwareEnv()

# ── What this is ─────────────────────────────────────────────────────────────────────────────────
ENVIRONMENT = "base"  # dev, test or prod: each settings module overrides it
SITE_NAME = "人大代表联络履职平台"
DEBUG = False
DEMO_MODE = False
EMBEDDED_POSTGRES: str | None = None  # name of the embedded cluster to start; None: DATABASE_URL rules

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "liaison.urls"
WSGI_APPLICATION = "liaison.wsgi.application"
ASGI_APPLICATION = "liaison.asgi.application"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FIRST_DAY_OF_WEEK = 1

# ── Packages ─────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "liaison",
    "deputies",
    "suggestions",
    "votes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "liaison.probes.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liaison.requestid.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "liaison.gates.IdleExitMiddleware",
    "liaison.middleware.ActorMiddleware",
    "liaison.gates.PasswordDueMiddleware",
    "liaison.faces.DomainErrorMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# The portal speaks Chinese only: a browser set to English still gets one consistent language.
LANGUAGES = [("zh-hans", "简体中文")]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liaison.context_processors.shell",
            ],
            "builtins": ["liaison.templatetags.ui"],
        },
    },
]

# Every form is drawn by our templates, which extend Django's own (hence "django.forms" above).
FORM_RENDERER = "liaison.forms.renderer.PortalRenderer"

# ── Database: DATABASES is set by dev, test and prod ─────────────────────────────────────────────
# A connection lives a minute and is checked before reuse, so a restarted PostgreSQL costs nobody an
# error page. No pool: threads are few and fixed, one connection a thread is the whole pool.
CONN_MAX_AGE = 60

# ── Static files and private files ───────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uploads are private: no URL serves this directory, only views that ask the owner object first.
MEDIA_ROOT = VAR_DIR / "files"
MEDIA_URL = ""
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest form: the record of an activity with 2,000 deputies, seven figures each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 16_000
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
# Hosts (with a port where it is not 80 or 443) of the office network that may have private addresses; every other
# host from which a file is fetched must have public ones.
FETCH_INSIDE_HOSTS: list[str] = env.list("FETCH_INSIDE_HOSTS", default=[])
# A file over the limit is not stored, but read to its end, so that the page can say what is wrong.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "liaison.uploads.BoundedFileUploadHandler",
]

# ── Sign-in ──────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "liaison.User"
AUTHENTICATION_BACKENDS = ["liaison.backends.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "liaison.validators.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "liaison.validators.CharacterClassValidator", "OPTIONS": {"required": 3}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "phone", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "liaison.validators.UsedPasswordValidator"},
]
# The last so many passwords may not be used again; staff set a new one every so many days (0: never).
PASSWORD_HISTORY = 5
PASSWORD_ROTATION_DAYS = env.int("PASSWORD_ROTATION_DAYS", default=90)
# A link in a mail that sets a new password works for two hours, and once.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
# One shared mailbox may have several accounts; no more than this many links go out at once.
PASSWORD_LINK_MOST_ACCOUNTS = 5
# So many wrong passwords or codes in a row lock the account; the count is on the account, not in a cache.
SIGN_IN_FAILURES = 5
SIGN_IN_LOCK_MINUTES = 15

ACCOUNT_ADAPTER = "liaison.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "liaison.forms.account.SignInForm",
    "change_password": "liaison.forms.account.ChangePasswordForm",
    "set_password": "liaison.forms.account.SetPasswordForm",
    "reset_password": "liaison.forms.account.AskPasswordLinkForm",
    "reset_password_from_key": "liaison.forms.account.ResetPasswordForm",
    "reauthenticate": "liaison.forms.account.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# A whole office, or a congress in session, may stand behind one address.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/15m/ip",
    "change_password": "20/m/user",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
}

MFA_ADAPTER = "liaison.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "liaison.forms.second_factor.AuthenticateForm",
    "reauthenticate": "liaison.forms.second_factor.ReauthenticateForm",
    "activate_totp": "liaison.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "liaison.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "liaison.forms.second_factor.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = SITE_NAME
# "Last seen" is kept by liaison.gates, once a minute; allauth's own middleware would write on every request.
USERSESSIONS_TRACK_ACTIVITY = True
USERSESSIONS_ADAPTER = "liaison.adapters.SessionsAdapter"

# How many reverse proxies of our own append to X-Forwarded-For before a request comes here.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)

# The session row is the truth about who is signed in: ending it in the list of own sessions ends it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "liaison_session"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "liaison_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
IDLE_EXIT_MINUTES = env.int("IDLE_EXIT_MINUTES", default=30)

# ── Browser-side security ────────────────────────────────────────────────────────────────────────
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# ── Cache, mail ──────────────────────────────────────────────────────────────────────────────────
# Sign-in rate limits live in the cache, so web processes must share it. Without Redis that is a
# directory: unlike locmem it is shared, unlike the database cache it costs no query.
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "liaison.localcache.LocalCache",
        "LOCATION": str(VAR_DIR / "cache"),
    }
}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="liaison@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
# How notices leave the portal. SMS and WeChat refuse plainly until an adapter for a provider is named here.
NOTICE_CHANNELS = {
    "email": "liaison.channels.EmailChannel",
    "sms": "liaison.channels.SmsChannel",
    "wechat": "liaison.channels.WeChatChannel",
}

# ── Celery: the broker carries wake-up calls, the database holds the truth ───────────────────────
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 10 * 60
CELERY_TASK_TIME_LIMIT = 11 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celery" / "beat-schedule")
# `/readyz` calls the beat lost when its heartbeat is older than this.
HEARTBEAT_MAX_AGE = timedelta(minutes=5)

# ── API ──────────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    # Deny by default: a view opens itself by extending ClientAPIView, which knows machine clients only.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["liaison.api.permissions.Closed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["liaison.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "liaison.api.schema.ClientAutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SITE_NAME}接口",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "liaison.api.schema.complete",
    ],
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "liaison.api.oauth.ClientCredentialsServer",
    "OAUTH2_VALIDATOR_CLASS": "liaison.api.oauth.SecretValidator",
    "SCOPES_BACKEND_CLASS": "liaison.api.oauth.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * 60,
    # Everything else that the library can do is off, or as RFC 9700 wants it (tokens kept as checksums only).
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}
# A JSON body may be so large unless its view says otherwise (a batch of 1,000 orders).
API_BODY_MAX_BYTES = 256 * 1024
# How far a signed request's clock may be off, in seconds; its nonce is kept twice as long.
API_CLOCK_SKEW_SECONDS = 5 * 60
# How long an answer is kept for a request that comes again with the same Idempotency-Key.
API_IDEMPOTENCY_HOURS = 24

# ── Webhooks: telling other platforms ────────────────────────────────────────────────────────────
# Seconds before the second, third, … try: together three days and three hours, after which it is given up.
WEBHOOK_WAITS: list[int] = env.list(
    "WEBHOOK_WAITS", cast=int, default=[5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 84600]
)
# So long has the other platform for its answer, in seconds.
WEBHOOK_SECONDS: int = env.int("WEBHOOK_SECONDS", default=15)
# After so many days an event and what became of its deliveries are removed.
WEBHOOK_KEEP_DAYS: int = env.int("WEBHOOK_KEEP_DAYS", default=90)

# ── Logging: one line an event on stderr, with the request's id ─────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "liaison.requestid.RequestIdFilter"}},
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
