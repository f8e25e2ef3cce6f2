"""Desks, people with their roles, sign-in links, API tokens and idempotency keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now


class Desk(models.Model):
    """A team with its accounts and sources. Its times are in `zone`; its words are in `language`."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200, default="")
    zone = models.CharField(max_length=60, default="Asia/Seoul")
    language = models.CharField(max_length=2, default="ko")
    #: True for the demo's own desk: only processes started for this desk serve it, so that it does not mix with others.
    by_itself = models.BooleanField(default=False)
    #: The desk's rules about words, in the form of words.style.Style; empty: the default rules.
    style = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.title or self.name


class Role(models.TextChoices):
    """What a person does at a desk; a person may have several."""

    REPORTER = "reporter"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"
    AUDITOR = "auditor"


#: Who may send. Until approval is built an editor sends too (design.md section 2).
SENDERS = frozenset({Role.EDITOR, Role.PUBLISHER})


class People(BaseUserManager["Person"]):
    """Finds a person by name for sign-in; capital letters make no difference."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(name__iexact=username)


class Person(AbstractBaseUser):
    """A person of the newsroom. A person signs in with the name or the mail address."""

    name = models.CharField(max_length=150, unique=True)
    full_name = models.CharField(max_length=200, default="", blank=True)
    email = models.EmailField(null=True, blank=True, unique=True)
    language = models.CharField(max_length=2, default="", blank=True)
    theme = models.CharField(max_length=6, default="", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.full_name or self.name

    def roles_at(self, desk: Desk) -> frozenset[Role]:
        memberships = self.memberships.filter(desk=desk)
        return frozenset(Role(each) for each in memberships.values_list("role", flat=True))


class Membership(models.Model):
    """One role of one person at one desk."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "desk", "role"], name="one_role_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"


class SignInLink(models.Model):
    """A one-time link to sign in. Only the hash of its token is stored."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.person}"


class Token(models.Model):
    """An API token of a machine. Only its hash is stored."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE)
    name = models.CharField(max_length=150)
    scopes = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "name"], condition=models.Q(revoked_at=None), name="one_live_token_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """An idempotency key that a client sent. A request with the same key and body gets the same answer."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
