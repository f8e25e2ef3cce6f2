"""What the page says about itself in a sentence or two."""

import pytest

from sharing.intake.page import read_page
from tests.intake.fixtures.pages import ENGLISH, html, og

TITLE = "<title>Old bridge to reopen in spring</title>" + og(
    type="article", title="Old bridge to reopen in spring"
)


@pytest.mark.parametrize(
    ("head", "summary"),
    [
        (og(description="Two years after the floods."), "Two years after the floods."),
        ('<meta name="description" content="Two years after the floods.">', "Two years after the floods."),
        (og(description="Two years after the floods. | "), "Two years after the floods."),
        (og(description="Old bridge to reopen in spring: two years after the floods."), "two years after the floods."),
        (og(description="Old bridge to reopen in springtime, city says."), "Old bridge to reopen in springtime, city says."),
        (og(description="Old bridge to reopen in spring"), ENGLISH[0]),
        (og(description="시가 다리를 다시 연다.시장은 4월이라고 했다.주민들은 반겼고 상인들은"),
         "시가 다리를 다시 연다.시장은 4월이라고 했다."),
        (og(description="시가 다리를 다시 연다. 시장은 4월이라고 했고 주민들은"), "시가 다리를 다시 연다. 시장은 4월이라고 했고 주민들은"),
        ("", ENGLISH[0]),
    ],
)  # fmt: skip
def test_the_description_is_declared_else_the_lead(head, summary):
    assert read_page(html(TITLE + head)).summary == summary


def test_a_description_that_was_cut_gives_way_to_the_line_under_the_headline():
    dek = "Two years after the floods, the city puts 12 million dollars into stone."
    page = html(
        TITLE + og(description="The stone bridge over the Mill..."), f'<h2 class="article-dek">{dek}</h2>'
    )
    assert read_page(page).summary == dek
