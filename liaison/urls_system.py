"""``/system/``: what the system and the security administrator keep."""

from __future__ import annotations

from django.urls import path

from liaison.views import organisation, permission, posting, user

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
    path("permissions/", permission.table, name="permission_table"),
]
