"""``/system/``: what the system and the security administrator keep."""

from __future__ import annotations

from django.urls import path

from liaison.views import client, organisation, permission, posting, user, webhook, webhook_delivery

app_name = "system"

urlpatterns = [
    path("users/", user.listing, name="user_list"),
    path("users/new/", user.create, name="user_create"),
    path("users/<uuid:public_id>/", user.detail, name="user"),
    path("users/<uuid:public_id>/edit/", user.update, name="user_update"),
    path("users/<uuid:public_id>/deactivate/", user.deactivate, name="user_deactivate"),
    path("users/<uuid:public_id>/activate/", user.activate, name="user_activate"),
    path("users/<uuid:public_id>/initial-password/", user.initial_password, name="user_initial_password"),
    path("users/<uuid:public_id>/send-link/", user.send_link, name="user_send_link"),
    path("users/<uuid:public_id>/unlock/", user.unlock, name="user_unlock"),
    path("users/<uuid:public_id>/reset-second-factor/", user.second_factor_reset, name="user_second_factor_reset"),
    path("users/<uuid:public_id>/postings/new/", posting.grant, name="posting_grant"),
    path("postings/<uuid:public_id>/end/", posting.end, name="posting_end"),
    path("organisations/", organisation.listing, name="organisation_list"),
    path("organisations/new/", organisation.create, name="organisation_create"),
    path("organisations/<uuid:public_id>/", organisation.update, name="organisation"),
    path("organisations/<uuid:public_id>/deactivate/", organisation.deactivate, name="organisation_deactivate"),
    path("organisations/<uuid:public_id>/activate/", organisation.activate, name="organisation_activate"),
    path("clients/", client.listing, name="client_list"),
    path("clients/new/", client.create, name="client_create"),
    path("clients/<uuid:public_id>/", client.detail, name="client"),
    path("clients/<uuid:public_id>/edit/", client.update, name="client_update"),
    path("clients/<uuid:public_id>/deactivate/", client.deactivate, name="client_deactivate"),
    path("clients/<uuid:public_id>/activate/", client.activate, name="client_activate"),
    path("clients/<uuid:public_id>/secrets/new/", client.secret_create, name="client_secret_create"),
    path("clients/<uuid:public_id>/console/", client.console, name="client_console"),
    path("secrets/<uuid:public_id>/revoke/", client.secret_revoke, name="client_secret_revoke"),
    path("clients/<uuid:public_id>/webhooks/new/", webhook.create, name="webhook_create"),
    path("clients/webhooks/<uuid:public_id>/", webhook.detail, name="webhook"),
    path("clients/webhooks/<uuid:public_id>/edit/", webhook.update, name="webhook_update"),
    path("clients/webhooks/<uuid:public_id>/rotate/", webhook.rotate, name="webhook_rotate"),
    path("clients/webhooks/<uuid:public_id>/pause/", webhook.pause, name="webhook_pause"),
    path("clients/webhooks/<uuid:public_id>/resume/", webhook.resume, name="webhook_resume"),
    path("clients/webhooks/<uuid:public_id>/ping/", webhook.ping, name="webhook_ping"),
    path("clients/webhooks/<uuid:public_id>/deliveries/", webhook_delivery.listing, name="webhook_deliveries"),
    path("clients/deliveries/<uuid:public_id>/", webhook_delivery.detail, name="webhook_delivery"),
    path("clients/deliveries/<uuid:public_id>/repeat/", webhook_delivery.repeat, name="webhook_repeat"),
    path("permissions/", permission.table, name="permission_table"),
]
