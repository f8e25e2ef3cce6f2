"""Two articles to paste, each with an address of its own every time."""

import itertools
import json
import os

_numbers = itertools.count(1)


def pasted(language, **fields):
    number = f"{os.getpid()}{next(_numbers)}"
    article = {
        "ko": {
            "headline": "항구 도시 여섯 곳, 밤에도 버스 다닌다",
            "summary": "항구 도시 여섯 곳이 다음 달부터 밤에도 15분마다 버스를 운행한다. 지금까지는 자정에 끊겼다.",
            "body": "항구 도시 여섯 곳이 다음 달부터 밤에도 15분마다 버스를 운행한다. 지금까지는 자정에 끊겼다.\n\n시는 기사 40명을 새로 뽑는다.",
            "site_name": "물빛일보",
        },
        "en": {
            "headline": "Six harbor towns run buses through the night",
            "summary": "Six harbor towns will run buses every 15 minutes through the night from next month.",
            "body": "Six harbor towns will run buses every 15 minutes through the night from next month.\n\nThe towns hire 40 drivers.",
            "site_name": "The Mulbit Daily",
        },
    }[language]
    address = f"https://news.mulbit.kr/{language}/{number}"
    return json.dumps(
        {"article": {"url": address, "language": language, **article, **fields}}, ensure_ascii=False
    )
