"""Prepare a desk before `up` starts its parts: tables, practice accounts at the sandbox, the first person."""

from __future__ import annotations

import json
import sys

from config.cli.asking import start_django
from config.place import Place, adopt
from config.schema import bring_up_to_date

#: The name of the first person. There is no default password: the one-time link asks for one.
FIRST_PERSON = "desk"


def prepare() -> None:
    """Prepare the desk and print one JSON line with `link`: a one-time link if no person has a password, else null."""
    place = Place.named()
    adopt(place)
    start_django()
    bring_up_to_date(place)
    from sharing import models
    from sharing.services.accounts import practice
    from sharing.services.runtime import runtime
    from sharing.services.staff import people

    desk = people.main_desk()
    link = None
    if runtime().sandbox_url:
        practice.register(practice.accounts_of(desk), article_origins=practice.ANY_ORIGIN)
    if not any(person.has_usable_password() for person in models.Person.objects.filter(is_active=True)):
        person = models.Person.objects.filter(name=FIRST_PERSON).first()
        if person is None:
            person = people.add_person(desk, FIRST_PERSON, [models.Role.ADMIN, models.Role.PUBLISHER])
        link = people.sign_in_link(person)
    sys.stdout.write(json.dumps({"link": link}) + "\n")
