"""Routes of campaigns, quotas and roll-ups."""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import campaign, campaign_media, campaign_region, quota, rollup

campaign_patterns: list[URLPattern | URLResolver] = [
    path("", campaign.campaign_list_page, name="list"),
    path("new/", campaign.new, name="new"),
    path("media/<uuid:public_id>/remove/", campaign_media.remove, name="media_remove"),
    path("<uuid:public_id>/", campaign.detail, name="detail"),
    path("<uuid:public_id>/edit/", campaign.edit, name="edit"),
    path("<uuid:public_id>/start/", campaign.start, name="start"),
    path("<uuid:public_id>/end/", campaign.end, name="end"),
    path("<uuid:public_id>/join/", campaign_region.join, name="join"),
    path("<uuid:public_id>/board/", campaign_region.board, name="board"),
    path("<uuid:public_id>/board/export/", campaign_region.export, name="export"),
    path("<uuid:public_id>/media/add/", campaign_media.add, name="media_add"),
    path("<uuid:public_id>/quotas/add/", quota.campaign_add, name="quota_add"),
]
quota_patterns: list[URLPattern | URLResolver] = [
    path("congress/<uuid:public_id>/", quota.congress_quotas, name="congress"),
    path("congress/<uuid:public_id>/add/", quota.congress_add, name="congress_add"),
    path("congress/<uuid:public_id>/hunan/", quota.hunan, name="hunan"),
    path("<uuid:public_id>/edit/", quota.edit, name="edit"),
    path("<uuid:public_id>/end/", quota.end, name="end"),
]
rollup_patterns: list[URLPattern | URLResolver] = [
    path("", rollup.overview, name="overview"),
    path("behind/", rollup.behind, name="behind"),
    path("export/", rollup.export, name="export"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/", include((campaign_patterns, "campaigns"))),
    path("quotas/", include((quota_patterns, "quotas"))),
    path("duty-rollup/", include((rollup_patterns, "rollup"))),
]
