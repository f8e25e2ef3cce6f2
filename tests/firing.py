"""Fires hooks through the real door, signed as their CMS would."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from django.test import Client

from sharing.intake import signatures
from sharing.services.entries import ActingFor
from sharing.services.incoming import sources

CLI = ActingFor(name="Cho", via="cli")


def a_source(desk, name="cms", scheme="standard-webhooks", secret=None, **settings):
    """A source, and the secret that its hooks are signed with."""
    return sources.add(desk, name, CLI, scheme=scheme, secret=secret, settings=sources.Settings(**settings))


def as_bytes(payload):
    return payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()


def signed(source, payload, *, secret=None, message_id=None, now=None):
    """The headers that sign this payload for this source."""
    return signatures.sign(
        source.scheme,
        secret or sources.secrets_of(source)[0],
        message_id=message_id or f"msg_{uuid4().hex}",
        body=as_bytes(payload),
        now=now or datetime.now(UTC),
        path=f"/hooks/{source.name}",
    )


def post(name, payload, headers=None, content_type="application/json", client=None):
    """Whatever it is, to the door of that name."""
    return (client or Client()).post(
        f"/hooks/{name}", as_bytes(payload), content_type=content_type, headers=headers or {}
    )


def fire(source, payload, *, headers=None, content_type="application/json", client=None, **signing):
    """A hook as the CMS sends it."""
    return post(
        source.name,
        payload,
        {**(headers or {}), **signed(source, payload, **signing)},
        content_type,
        client,
    )


def told(source, payload, **signing):
    """What the door answers to a hook that it takes: 202 and the result."""
    answer = fire(source, payload, **signing)
    assert answer.status_code == 202, answer.content
    return answer.json()
