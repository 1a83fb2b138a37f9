"""Routes of the deputies package: /deputies/… and /congresses/…"""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import congress, deputy, mandate, roster

deputy_patterns: list[URLPattern | URLResolver] = [
    path("", deputy.deputy_list, name="list"),
    path("new/", mandate.add, name="add"),
    path("mine/", deputy.mine, name="mine"),
    path("export/", deputy.export, name="export"),
    path("import/", roster.imports, name="rosters"),
    path("import/template/", roster.template, name="roster_template"),
    path("import/<uuid:public_id>/", roster.detail, name="roster"),
    path("import/<uuid:public_id>/confirm/", roster.confirm, name="roster_confirm"),
    path("import/<uuid:public_id>/reread/", roster.reread, name="roster_reread"),
    path("import/<uuid:public_id>/discard/", roster.discard, name="roster_discard"),
    path("mandates/<uuid:public_id>/edit/", mandate.edit, name="mandate_edit"),
    path("mandates/<uuid:public_id>/end/", mandate.end, name="mandate_end"),
    path("mandates/<uuid:public_id>/reinstate/", mandate.reinstate, name="mandate_reinstate"),
    path("<uuid:public_id>/", deputy.detail, name="detail"),
    path("<uuid:public_id>/edit/", deputy.edit, name="edit"),
    path("<uuid:public_id>/phone/", deputy.phone, name="phone"),
    path("<uuid:public_id>/account/", deputy.account, name="account"),
    path("<uuid:public_id>/mandates/new/", mandate.grant, name="mandate_grant"),
]
congress_patterns: list[URLPattern | URLResolver] = [
    path("", congress.congresses, name="list"),
    path("new/", congress.add, name="add"),
    path("<uuid:public_id>/", congress.detail, name="detail"),
    path("<uuid:public_id>/edit/", congress.edit, name="edit"),
    path("<uuid:public_id>/rules/", congress.settings, name="settings"),
    path("<uuid:public_id>/sessions/new/", congress.session_edit, name="session_add"),
    path("<uuid:public_id>/sessions/<int:session_id>/", congress.session_edit, name="session_edit"),
    path("<uuid:public_id>/units/new/", congress.unit_edit, name="unit_add"),
    path("<uuid:public_id>/units/<int:unit_id>/", congress.unit_edit, name="unit_edit"),
    path("<uuid:public_id>/units/<int:unit_id>/remove/", congress.unit_remove, name="unit_remove"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("deputies/", include((deputy_patterns, "deputies"))),
    path("congresses/", include((congress_patterns, "congresses"))),
    path("", include("deputies.urls_station")),
    path("", include("deputies.urls_activity")),
    path("", include("deputies.urls_campaign")),
    path("", include("deputies.urls_report")),
    path("", include("deputies.urls_contact")),
    path("", include("deputies.urls_duty")),
    path("", include("deputies.urls_open")),
]
