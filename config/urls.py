"""Addresses (design.md section 7; the desk's pages: sharing.web.pages)."""

from django.urls import path

from sharing.web import demo_article, health, hooks, links, sign_in
from sharing.web.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("hooks/<slug:source>", hooks.hook, name="hook"),
    path("kakao/webhook/<int:account>", links.kakao_webhook, name="kakao-webhook"),
    path("s/<str:code>", links.short_link, name="short-link"),
    path("k/<str:code>", links.share_page, name="share-page"),
    path("demo/article", demo_article.demo_article),
    path("demo/article/<slug:name>", demo_article.demo_article),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign-out"),
    path("invite/<str:token>", sign_in.invite, name="invite"),
]
