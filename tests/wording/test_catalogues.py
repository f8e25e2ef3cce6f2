"""Two catalogues: page furniture in gettext, answers and causes in `sharing/wording/*.toml`. No third."""

import ast
import re
from pathlib import Path

import pytest

from sharing.channels.kakao import Kakao
from sharing.channels.mail import Mail
from sharing.channels.testing import ChannelContract
from sharing.domain.account import Account
from sharing.domain.message import Teaser
from sharing.wording.catalogue import table
from tests.web.messages import catalogue, said

ROOT = Path(__file__).resolve().parent.parent.parent
HANGUL = re.compile("[가-힣]")


def test_no_sentence_stands_in_both_catalogues():
    furniture = {words for key in said() for words in key if words}
    furniture |= {entry.msgstr for entry in catalogue() if entry.msgstr}
    twice = {
        (code, part)
        for code, languages in table().items()
        for text in languages.values()
        for part in text.split(" · ")
        if len(part) > len("{n} min") and part in furniture
    }
    assert not twice


def pairs_in(source):
    """Lines that choose between Korean and English by themselves: a dict of both, or a comparison with one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            if {"ko", "en"} <= keys:
                yield node.lineno
        if isinstance(node, ast.IfExp):
            texts = [
                each
                for branch in (node.body, node.orelse)
                for each in ast.walk(branch)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if any(HANGUL.search(each.value) for each in texts):
                yield node.lineno


#: What is no sentence of ours: how the language of an article itself is read, written and counted.
OF_THE_ARTICLE = ("sharing/words/", "sharing/intake/")
#: `config/demo/articles.py` holds one picture for each bundled article.
DATA = {"config/demo/articles.py"}


def test_no_module_keeps_a_pair_of_languages_of_its_own():
    found = {}
    for room in ("config", "sharing", "workers"):
        for path in (ROOT / room).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if "sandbox" in path.parts or name.startswith(OF_THE_ARTICLE) or name in DATA:
                continue
            lines = list(pairs_in(path.read_text(encoding="utf-8")))
            if lines:
                found[name] = lines
    assert not found


@pytest.mark.parametrize(
    ("language", "kakao", "mail"),
    [("ko", "기사 보기", "기사 읽기"), ("en", "Read article", "Read the article")],
)
def test_a_message_wears_the_button_of_its_accounts_language(language, kakao, mail):
    for made, words in ((Kakao(), kakao), (Mail(), mail)):
        account = Account(id="1", channel=made.slug, remote_id="1", name="n", language=language)
        message = made.compose(ChannelContract.article, Teaser(), account, "https://news.example/1")
        assert words in f"{message.body} {message.card}"
