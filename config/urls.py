"""The URL patterns (design.md section 7). The desk's pages are in sharing.web.pages."""

from django.urls import path

from sharing.web import demo_article, health, hooks, links, sign_in
from sharing.web.api import api
from sharing.web.pages import compose, errors, home, lists, live, me, pictures

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
    path("sign-in/forgotten", sign_in.forgotten, name="forgotten"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign-out"),
    path("invite/<str:token>", sign_in.invite, name="invite"),
    path("", home.home, name="home"),
    path("compose", compose.begin, name="begin"),
    path("compose/<str:draft>", compose.compose, name="compose"),
    path("compose/<str:draft>/facts", compose.facts),
    path("compose/<str:draft>/save", compose.save),
    path("compose/<str:draft>/wording", compose.reword),
    path("compose/<str:draft>/send", compose.send),
    path("compose/<str:draft>/discard", compose.discard),
    path("shares/<str:share>", live.live, name="share"),
    path("shares/<str:share>/live", live.fragment),
    path("shares/<str:share>/cancel", live.cancel_share),
    path("deliveries/<str:delivery>/resolve", live.decide),
    path("deliveries/<str:delivery>/again", live.again),
    path("deliveries/<str:delivery>/cancel", live.cancel),
    path("deliveries/<str:delivery>/rewrite", live.rewrite),
    path("deliveries/<str:delivery>/copied", live.copied),
    path("notices/<str:notice>/close", home.close),
    path("queue", lists.queue, name="queue"),
    path("articles", lists.articles, name="articles"),
    path("articles/<str:article>", lists.article, name="article"),
    path("accounts", lists.accounts, name="accounts"),
    path("settings/me", me.me, name="me"),
    path("settings/language", me.language, name="language"),
    path("settings/theme", me.theme, name="theme"),
    path("pictures/<str:article>", pictures.picture, name="picture"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.mistake
