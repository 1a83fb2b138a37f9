"""The routes as they are in demo mode, for tests that turn it on."""

from django.urls import path

from liaison.urls import handler500
from liaison.urls import urlpatterns as ordinary
from liaison.views import account

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [*ordinary, path("demo/sign-in/<str:username>/", account.demo_sign_in, name="demo_sign_in")]
