"""Settings from the environment (see .env.example). What is not given is safe for production."""

import sys
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from shop.settings import environment, jobs, logs, security
from shop.settings.unfold import UNFOLD as UNFOLD

env = environment.read()
BASE_DIR = environment.BASE_DIR
TESTING = "pytest" in sys.modules

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY") or ("only-for-tests-and-debugging-" * 3 if DEBUG or TESTING else "")
FIELD_KEY = env.text("FIELD_KEY")
HASH_KEY = env.text("HASH_KEY")
SHOP_URL = env.text("SHOP_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or list(
    dict.fromkeys([urlsplit(SHOP_URL).hostname or "", "localhost", "127.0.0.1"])
)
CSRF_TRUSTED_ORIGINS = list(dict.fromkeys([SHOP_URL, *env.names("CSRF_TRUSTED_ORIGINS")]))

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "axes",
    "django_prometheus",
    "django_structlog",
    "shop.core",
    "members",
    "catalog",
    "marketing",
    "orders",
    "analytics",
    "shop.storefront",
    "shop.backoffice",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "shop.core.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.core.middleware.ChosenLanguage",
    "shop.core.middleware.ContentPolicy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shop.core.middleware.NoZeroBytes",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shop.core.middleware.PrivatePages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.storefront.middleware.KnowsShopper",
    "shop.storefront.middleware.SignsInByWechat",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
ASGI_APPLICATION = "shop.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.storefront.context.shop",
                "shop.backoffice.stage.roles.context",
            ],
        },
    },
]

# --- data

STATEMENT_TIMEOUT = env.text("DATABASE_STATEMENT_TIMEOUT", "60s" if TESTING else "15s")
DATABASES = {
    "default": environment.database(env.text("DATABASE_URL", "postgresql:///shop"))
    | {
        "CONN_MAX_AGE": env.whole("DATABASE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": env.flag("DATABASE_POOLED"),
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"]["OPTIONS"] = {
    "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c idle_in_transaction_session_timeout=30s",
    **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]
}
if suffix := env.text("TEST_DB_SUFFIX"):
    DATABASES["default"]["TEST"] = {"NAME": f"test_shop_{suffix}"}

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "shop.core.cache.FailOpenCache",
        "LOCATION": env.text("CACHE_URL") or REDIS_URL,
        "KEY_PREFIX": env.text("CACHE_PREFIX", "shop"),
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they may name people
SESSION_COOKIE_AGE = 30 * 24 * 3600
locals().update(
    jobs.configuration(broker_url=REDIS_URL, schedule_file=str(BASE_DIR / "var" / "celerybeat-schedule"))
)

OUTBOX_POKES = not TESTING
OUTBOX_LEASE_SECONDS = env.whole("OUTBOX_LEASE_SECONDS", 60)
CLOCK_OFFSET_SECONDS = env.whole("CLOCK_OFFSET_SECONDS", 0)
SHOP_FAILPOINTS = env.text("SHOP_FAILPOINTS")
METRICS_TOKEN = env.text("METRICS_TOKEN")

# --- people

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "members.services.passwords.LengthByRole"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "shop.backoffice.site.locked_out"
AXES_CLIENT_IP_CALLABLE = "shop.core.http.client_ip"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # an address alone never locks: one NAT hides many shoppers

# --- language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["shop.settings.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT") or str(BASE_DIR / "staticfiles")
MEDIA_URL = "/media/"
MEDIA_ROOT = env.text("MEDIA_ROOT") or str(BASE_DIR / "var" / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or TESTING
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- security

INSECURE_COOKIES = env.flag("INSECURE_COOKIES")
SECURE = not (DEBUG or TESTING or INSECURE_COOKIES)
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
X_FRAME_OPTIONS = "DENY"
BEHIND_TLS_PROXY = env.flag("BEHIND_TLS_PROXY")
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": security.STOREFRONT_POLICY}
BACKOFFICE_SECURITY_POLICY = security.BACKOFFICE_POLICY

# --- staff REST

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["shop.core.rest.auth.StaffTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["shop.core.rest.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "shop.core.rest.schema.Schema",
    "EXCEPTION_HANDLER": "shop.core.rest.errors.answer",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Weimall staff API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shop.core.rest.schema.describe_errors",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ProductStatus": "catalog.terms.ProductStatus.choices",
        "OrderStatus": "orders.terms.OrderStatus.choices",
        "PickupStatus": "orders.terms.PickupStatus.choices",
        "RefundStatus": "orders.terms.RefundStatus.choices",
        "ShipmentStatus": "orders.terms.ShipmentStatus.choices",
    },
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(hours=12),
    "TOKEN_LIMIT_PER_USER": 20,
    "AUTO_REFRESH": False,
    "AUTH_HEADER_PREFIX": "Bearer",
}

# --- the world outside

PAYMENT_GATEWAYS = {"wechat": "orders.gateways.wechat.WechatPay"}
WECHAT_PAY_BASE_URL = env.text("WECHAT_PAY_BASE_URL", "https://api.mch.weixin.qq.com")
WECHAT_PAY_APPID = env.text("WECHAT_PAY_APPID")
WECHAT_PAY_MCHID = env.text("WECHAT_PAY_MCHID")
WECHAT_PAY_SERIAL = env.text("WECHAT_PAY_SERIAL")
WECHAT_PAY_PRIVATE_KEY_FILE = env.text("WECHAT_PAY_PRIVATE_KEY_FILE")
WECHAT_PAY_PUBLIC_KEY_ID = env.text("WECHAT_PAY_PUBLIC_KEY_ID")
WECHAT_PAY_PUBLIC_KEY_FILE = env.text("WECHAT_PAY_PUBLIC_KEY_FILE")
WECHAT_PAY_APIV3_KEY = env.text("WECHAT_PAY_APIV3_KEY")
WECHAT_API_BASE_URL = env.text("WECHAT_API_BASE_URL", "https://api.weixin.qq.com")
WECHAT_OPEN_BASE_URL = env.text("WECHAT_OPEN_BASE_URL", "https://open.weixin.qq.com")
WECHAT_OA_APPID = env.text("WECHAT_OA_APPID")
WECHAT_OA_SECRET = env.text("WECHAT_OA_SECRET")
WECHAT_OA_TOKEN = env.text("WECHAT_OA_TOKEN")
WECHAT_OA_AES_KEY = env.text("WECHAT_OA_AES_KEY")
WECHAT_MP_APPID = env.text("WECHAT_MP_APPID")
WECHAT_MP_SECRET = env.text("WECHAT_MP_SECRET")
CHANNEL_HOSTS = env.text("CHANNEL_HOSTS")
COMPETITOR_HOSTS = env.text("COMPETITOR_HOSTS").lower().replace(",", " ").split()
SMS_BASE_URL = env.text("SMS_BASE_URL", "https://dysmsapi.aliyuncs.com")
SMS_ACCESS_KEY_ID = env.text("SMS_ACCESS_KEY_ID")
SMS_ACCESS_KEY_SECRET = env.text("SMS_ACCESS_KEY_SECRET")
SMS_SIGN_NAME = env.text("SMS_SIGN_NAME")
SMS_LOGIN_TEMPLATE = env.text("SMS_LOGIN_TEMPLATE")
SMS_PURCHASE_TEMPLATE = env.text("SMS_PURCHASE_TEMPLATE")
SANDBOX_URL = env.text("SANDBOX_URL").rstrip("/")
SANDBOX_PHONE_URL = env.text("SANDBOX_PHONE_URL").rstrip("/")
# One-tap roles and the stage: with a sandbox and open cookies only, so never in production
DEMO = env.flag("DEMO") and bool(SANDBOX_URL) and not SECURE

# --- logs

LOGGING = logs.configuration(
    level=env.text("LOG_LEVEL", "WARNING" if TESTING else "INFO"), plain=DEBUG or TESTING
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
