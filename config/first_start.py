"""What `up` needs before its parts start: tables, the practice accounts known to the sandbox, a way in."""

from __future__ import annotations

import json
import sys

from config.cli.asking import start_django
from config.place import Place, adopt
from config.schema import bring_up_to_date

#: The name of the first person; the one-time link asks for a password, there is none by default.
FIRST_PERSON = "desk"


def prepare() -> None:
    """Prepare, and print one JSON line: the one-time link, while nobody has a password yet."""
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
