"""Run in a process that has the plug-in: a draft with a column for it, as a publisher's browser sees it."""

import json
import sys

from config.cli.asking import start_django
from config.place import Place, adopt
from config.schema import bring_up_to_date


def main():
    place = Place.named()
    adopt(place)
    start_django()
    bring_up_to_date(place)
    from django.test import Client

    from sharing import models
    from sharing.services.accounts import practice
    from sharing.services.entries import ActingFor
    from sharing.services.shares import drafts
    from sharing.services.staff import people
    from sharing.web.sign_in import BACKEND
    from tests import given

    desk = people.main_desk()
    accounts = practice.accounts_of(desk)
    person = people.add_person(desk, "Cho", [models.Role.PUBLISHER])
    article = given.an_article(
        url="https://news.mulbit.kr/story/1", channel_words=json.loads(sys.argv[1]) if sys.argv[1:] else {}
    )
    share = drafts.make(desk, article, ActingFor(name="Cho", via="web", person=person, role="publisher"))
    pages = {}
    for language in ("ko", "en"):
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend=BACKEND)
        client.cookies["language"] = language
        pages[language] = client.get(f"/compose/s{share.pk}").content.decode()
    row = share.deliveries.get(channel="band")
    print(
        json.dumps(
            {
                "order": [each.channel for each in accounts],
                "names": {each.channel: each.name for each in accounts},
                "text": row.message["text"],
                "target": row.target,
                "pages": pages,
            }
        )
    )


if __name__ == "__main__":
    main()
