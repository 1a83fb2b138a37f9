"""Routes of the whole portal; each package brings its own `urls.py`, included by name."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from liaison.views import account, audit, dashboard, files, health, inbox, jobs, search, styleguide

handler500 = "liaison.views.away.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("files/<uuid:public_id>/", files.file, name="file"),
    path("", dashboard.dashboard, name="dashboard"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<uuid:public_id>/open/", inbox.notice_open, name="notice_open"),
    path("search/", search.search, name="search"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<uuid:public_id>/", jobs.job_detail, name="job"),
    path("jobs/<uuid:public_id>/file/", jobs.job_file, name="job_file"),
    path("accounts/", include("liaison.urls_accounts")),
    path("actor/switch/", account.actor_switch, name="actor_switch"),
    path("preferences/type/", account.preference_type, name="preference_type"),
    path("", include("liaison.urls_calendar")),
    path("system/", include("liaison.urls_system")),
    path("audit/", audit.listing, name="audit_list"),
    path("audit/<int:pk>/", audit.detail, name="audit"),
    path("api/v1/", include("liaison.urls_api")),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("", include("deputies.urls")),
    path("", include("suggestions.urls")),
    path("", include("votes.urls")),
]

if settings.DEMO_MODE and settings.ENVIRONMENT != "prod":
    urlpatterns.append(path("demo/sign-in/<str:username>/", account.demo_sign_in, name="demo_sign_in"))
