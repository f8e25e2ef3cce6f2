"""The settings of Django and Sharedesk. All values come from the environment (docs/operations.md)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from config import logs
from config.env import BadSetting, read, read_channel_urls, read_list, read_ranges, read_seconds
from sharing.domain.account import Endpoints
from sharing.domain.hosts import host_of, with_ascii_host
from sharing.domain.runtime import Runtime
from sharing.domain.timings import Timings
from sharing.net.addresses import Allowed

ROOT = Path(__file__).resolve().parent.parent

# -- the Runtime, which is passed to the services --------------------------------------------------------

BASE_URL = with_ascii_host(read("SHAREDESK_BASE_URL").rstrip("/"))
if not BASE_URL.startswith(("http://", "https://")) or not host_of(BASE_URL):
    raise BadSetting("SHAREDESK_BASE_URL must be an http:// or https:// address")

_sdk = read("KAKAO_SDK_URL")
SHAREDESK = Runtime(
    timings=Timings(
        deadline=read_seconds("SHAREDESK_SEND_DEADLINE"),
        lease=read_seconds("SHAREDESK_LEASE"),
        settle=read_seconds("SHAREDESK_SETTLE"),
        gap=read_seconds("SHAREDESK_LOOKUP_GAP"),
        page_wait=read_seconds("SHAREDESK_PAGE_WAIT"),
    ),
    live=Endpoints(
        facebook=read("FACEBOOK_GRAPH_URL").rstrip("/"),
        facebook_version=read("FACEBOOK_GRAPH_VERSION").strip("/"),
        x=read("X_API_URL").rstrip("/"),
        kakao=read("KAKAO_API_URL").rstrip("/"),
        kakao_auth=read("KAKAO_AUTH_URL").rstrip("/"),
        # An address without a .js file gets the path of Kakao's own file.
        kakao_sdk=_sdk if _sdk.endswith(".js") else f"{_sdk.rstrip('/')}/kakao_js_sdk/2.8.3/kakao.min.js",
        smtp=read("EMAIL_URL"),
        desk=BASE_URL,
        other=read_channel_urls(),
    ),
    sandbox_url=read("SHAREDESK_SANDBOX_URL").rstrip("/"),
    keys=tuple(read_list("SHAREDESK_KEYS")),
    fetch_allow=tuple(read_list("SHAREDESK_FETCH_ALLOW")),
    only_desk=read("SHAREDESK_ONLY_DESK"),
)
if _problems := SHAREDESK.timings.problems():
    raise BadSetting("; ".join(_problems))
try:
    Allowed.read(SHAREDESK.fetch_allow)
except ValueError as _error:
    raise BadSetting(f"SHAREDESK_FETCH_ALLOW: {_error}") from None

CELERY_BROKER_URL = read("CELERY_BROKER_URL")

# -- Django ----------------------------------------------------------------------------------------------

SECRET_KEY = read("SECRET_KEY")
DEBUG = False
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "sharing",
    "workers",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "sharing.web.api.problems.MachineDoors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sharing.web.language.PersonLanguageMiddleware",
    # Before CsrfViewMiddleware, which reads the body.
    "sharing.web.guard.UnreadBodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "sharing" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["sharing.web.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sharing.web.context.desk",
            ],
        },
    }
]

# -- database --------------------------------------------------------------------------------------------

DATA = Path(read("SHAREDESK_DATA")).expanduser().absolute()
try:
    _database = dj_database_url.parse(read("DATABASE_URL") or f"sqlite:///{DATA / 'desk.sqlite3'}")
except (ValueError, KeyError) as _error:
    raise BadSetting(
        "DATABASE_URL must be postgres://user:password@host:5432/name or sqlite:///path"
    ) from None
if "sqlite" in _database["ENGINE"]:
    # IMMEDIATE: in WAL mode a transaction that reads first and writes later may fail at once (4,111 times in 8 s,
    # measured 2026-11-24). FULL: after a power cut the database must still know that a send had begun.
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
elif "postgresql" in _database["ENGINE"]:
    from config.pool import Connection

    # A thread takes a connection for one move and gives it back (sharing/models/moves), so few are enough.
    _database["CONN_HEALTH_CHECKS"] = True
    _database["CONN_MAX_AGE"] = 0
    # Notice within seconds that a server is gone. Without these values TCP takes a quarter of an hour.
    _patience = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 3}
    _database["OPTIONS"] = {
        **_patience,
        "tcp_user_timeout": 20_000,
        "prepare_threshold": 5,  # for the moves (models/moves/sql.py); the ORM prepares no statements
        **_database.get("OPTIONS", {}),
        # The pool doubles the wait between its tries, up to two minutes. End the tries after 4 s, so that a database
        # that is back again is used soon.
        "pool": {
            "min_size": 2,
            "max_size": 12,
            "timeout": 5,
            "reconnect_timeout": 4,
            "connection_class": Connection,
        },
    }
else:
    raise BadSetting("DATABASE_URL must be postgres://… or sqlite:///…")
DATABASES = {"default": _database}

# -- people ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "sharing.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{each}"}
    for each in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
ACCOUNT_ADAPTER = "sharing.web.sign_in.ClosedDoor"
ACCOUNT_FORMS = {"login": "sharing.web.sign_in.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True  # sessions last for SESSION_COOKIE_AGE; the person is not asked
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")

# -- the web ---------------------------------------------------------------------------------------------

ALLOWED_HOSTS = [
    host_of(BASE_URL),
    "localhost",
    "127.0.0.1",
    "[::1]",
    *read_list("SHAREDESK_ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [f"{urlsplit(BASE_URL).scheme}://{urlsplit(BASE_URL).netloc}"]
TRUSTED_PROXIES = read_ranges("SHAREDESK_TRUSTED_PROXIES")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "sharing.web.pages.errors.csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "sharing" / "static"]
STATIC_ROOT = None  # whitenoise serves the files from their folders
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
APPEND_SLASH = False
# A pasted article may be long; every other body has a smaller cap (sharing/web/bodies.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000

# -- words and time --------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [ROOT / "sharing" / "locale"]
LANGUAGE_COOKIE_NAME = "language"

LOGGING_CONFIG = None
logs.configure(read("SHAREDESK_LOG"))
