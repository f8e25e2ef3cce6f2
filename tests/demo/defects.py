"""Defects, one at a time, patched into the product from outside: what `demo` must notice.

Loaded into every process of a demo by `sitecustomize` in a folder on PYTHONPATH, which the test writes; the
product has no switch for this. Each defect names the module that it waits for, and patches it once imported.
"""

import dataclasses
import importlib.abc
import importlib.machinery
import os
import sys

DEFECTS = {}


def defect(module, channel):
    """`patch(module)` is run right after `module` was imported; `channel` is what demo must name."""

    def register(patch):
        DEFECTS[patch.__name__] = (module, channel, patch)
        return patch

    return register


def _change(prepared, **body):
    message = dataclasses.replace(prepared.message, body={**prepared.message.body, **body})
    return dataclasses.replace(prepared, message=message)


@defect("sharing.channels.facebook", "facebook")
def another_character_is_sent(module):
    deliver = module.Facebook.deliver

    def wrong(self, prepared, account):
        text = prepared.message.body["message"]
        return deliver(self, _change(prepared, message=text[:-2] + "!" + text[-1]), account)

    module.Facebook.deliver = wrong


@defect("sharing.channels.x.words", "x")
def another_character_is_written(module):
    right = module.compose
    module.compose = lambda *given, **more: (
        right(*given, **more).replace("5", "6", 1).replace("harbor", "harbour", 1)
    )


@defect("sharing.channels.facebook", "facebook")
def the_link_is_missing(module):
    deliver = module.Facebook.deliver
    module.Facebook.deliver = lambda self, prepared, account: deliver(
        self, _change(prepared, link=""), account
    )


@defect("sharing.channels.x", "x")
def the_link_leads_elsewhere(module):
    link = module.X.link
    module.X.link = lambda self, address, account, marker: link(
        self, "https://elsewhere.example/a", account, marker
    )


@defect("sharing.channels.mail", "mail")
def the_marker_is_missing(module):
    link = module.Mail.link
    module.Mail.link = lambda self, address, account, marker: link(self, address, account, None)


@defect("sharing.channels.x", "x")
def x_gets_281(module):
    deliver = module.X.deliver

    def long(self, prepared, account):
        text = prepared.message.body["text"]
        weight = sum(
            1 if ord(c) < 4352 or 8192 <= ord(c) <= 8205 or 8208 <= ord(c) <= 8223 else 2 for c in text
        )
        return deliver(self, _change(prepared, text="x" * (281 - weight) + text), account)

    module.X.deliver = long


@defect("sharing.domain.account", "facebook")
def the_token_is_expired(module):
    secret = module.Account.secret

    def old(self, name):
        return "expired-token" if (self.channel, name) == ("facebook", "access_token") else secret(self, name)

    module.Account.secret = old


@defect("sharing.channels.kakao", "kakao")
def kakao_links_to_a_domain_that_is_not_registered(module):
    compose = module.Kakao.compose
    module.Kakao.compose = lambda self, article, teaser, account, link: compose(
        self, article, teaser, account, "https://not-registered.example/story"
    )


@defect("sharing.channels.kakao", "kakao")
def kakao_is_not_asked_to_call_back(module):
    module.sdk_payload = lambda message, marker: dict(message.body)


@defect("sharing.channels.mail", "mail")
def the_mail_is_sent_twice(module):
    submit = module.submit

    def twice(*given, **more):
        submit(*given, **more)
        return submit(*given, **more)

    module.submit = twice


@defect("sharing.channels.facebook", "facebook")
def the_post_is_sent_twice(module):
    deliver = module.Facebook.deliver

    def twice(self, prepared, account):
        first = deliver(self, prepared, account)
        deliver(self, _change(prepared, message=prepared.message.body["message"] + " "), account)
        return first

    module.Facebook.deliver = twice


@defect("sharing.net.smtp", "mail")
def the_mail_has_bare_line_feeds(module):
    stuffed = module._stuffed
    module._stuffed = lambda mail: stuffed(mail).replace(b"\r\n", b"\n")[:-1] + b"\r\n"


@defect("sharing.web.links", "link")
def the_short_link_leads_elsewhere(module):
    module.HttpResponseRedirect = lambda _: _redirect("https://elsewhere.example/")


def _redirect(target):
    from django.http import HttpResponseRedirect

    return HttpResponseRedirect(target)


class _PatchedLoader(importlib.abc.Loader):
    def __init__(self, loader, patch):
        self.loader, self.patch = loader, patch

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        self.patch(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name, patch):
        self.name, self.patch = name, patch

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        spec.loader = _PatchedLoader(spec.loader, self.patch)
        return spec


def install():
    """Patch in the one defect that DEFECT names; nothing without it."""
    chosen = os.environ.get("DEFECT")
    if chosen:
        module, _, patch = DEFECTS[chosen]
        sys.meta_path.insert(0, _Finder(module, patch))
