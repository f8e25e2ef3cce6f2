"""The words of our five channels by name, and templates and lint by a channel's slug."""

from sharing.channels.facebook import words as of_facebook
from sharing.channels.kakao import words as of_kakao
from sharing.channels.link import words as of_link
from sharing.channels.mail import words as of_mail
from sharing.channels.registry import room
from sharing.channels.x import words as of_x
from sharing.words import lint as lints
from sharing.words import templates

facebook, x, kakao, mail = of_facebook.compose, of_x.compose, of_kakao.compose, of_mail.compose
clipboard = of_link.compose
FACEBOOK_OWN = of_facebook.OWN
KakaoWords, KAKAO_TITLE_LINE, KAKAO_TEXT_LINE = of_kakao.KakaoWords, of_kakao.TITLE_LINE, of_kakao.TEXT_LINE
MAIL_LIMIT, PREHEADER, PREHEADER_KO = of_mail.LEAD_LIMIT, of_mail.PREHEADER, of_mail.PREHEADER_KO
SUBJECT, SUBJECT_KO = of_mail.SUBJECT, of_mail.SUBJECT_KO


def check(template, slug, spoken=""):
    return templates.check(template, room(slug), spoken)


def render(template, article, slug):
    return templates.render(template, article, room(slug))


def lint(article, slug, text, **options):
    return lints.lint(article, room(slug), text, **options)
