"""Routes of the hotline 12345: staff's /hotline/…, deputies' /hotline/mine/…"""

from django.urls import URLPattern, URLResolver, include, path

from suggestions.views import hotline_order, hotline_report, hotline_settings, hotline_topic, reconciliation, scope_rule

hotline_patterns: list[URLPattern | URLResolver] = [
    path("orders/", hotline_order.orders, name="orders"),
    path("orders/<uuid:public_id>/", hotline_order.order, name="order"),
    path("orders/<uuid:public_id>/contact/", hotline_order.contact, name="contact"),
    path("orders/<uuid:public_id>/opinion/new/", hotline_order.make_opinion, name="make_opinion"),
    path("orders/<uuid:public_id>/opinion/", hotline_order.link_opinion, name="link_opinion"),
    path("orders/<uuid:public_id>/station/", hotline_order.link_station, name="link_station"),
    path("orders/<uuid:public_id>/suggestion/", hotline_order.link_suggestion, name="link_suggestion"),
    path("orders/<uuid:public_id>/unlink/<slug:target>/", hotline_order.unlink, name="unlink"),
    path("orders/<uuid:public_id>/reply/", hotline_order.reply, name="reply"),
    path("topics/", hotline_topic.topics, name="topics"),
    path("topics/export/", hotline_topic.export, name="topics_export"),
    path("reports/", hotline_report.reports, name="reports"),
    path("reports/<uuid:public_id>/", hotline_report.report, name="report"),
    path("reports/<uuid:public_id>/pass/", hotline_report.pass_on, name="pass"),
    path("reports/<uuid:public_id>/solved/", hotline_report.solved, name="solved"),
    path("reports/<uuid:public_id>/unsolved/", hotline_report.unsolved, name="unsolved"),
    path("reconciliation/", reconciliation.days, name="reconciliations"),
    path("reconciliation/<uuid:public_id>/", reconciliation.day, name="reconciliation"),
    path("reconciliation/<uuid:public_id>/repair/", reconciliation.repair, name="reconciliation_repair"),
    path("scope/", scope_rule.rules, name="scope_rules"),
    path("scope/new/", scope_rule.new, name="scope_rule_new"),
    path("scope/<slug:code>/", scope_rule.edit, name="scope_rule"),
    path("scope/<slug:code>/<slug:way>/", scope_rule.move, name="scope_rule_move"),
    path("settings/", hotline_settings.settings_list, name="settings_list"),
    path("settings/<uuid:public_id>/", hotline_settings.settings_edit, name="settings"),
]
my_hotline_patterns: list[URLPattern | URLResolver] = [
    path("", hotline_report.my_list, name="list"),
    path("new/", hotline_report.direct, name="new"),
    path("opinions/<uuid:public_id>/", hotline_report.from_opinion, name="from_opinion"),
    path("<uuid:public_id>/", hotline_report.my_detail, name="detail"),
    path("<uuid:public_id>/pass/", hotline_report.pass_on, name="pass"),
    path("<uuid:public_id>/solved/", hotline_report.solved, name="solved"),
    path("<uuid:public_id>/unsolved/", hotline_report.unsolved, name="unsolved"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("hotline/mine/", include((my_hotline_patterns, "my_hotline"))),
    path("hotline/", include((hotline_patterns, "hotline"))),
]
