"""How a command answers: to a program, to a person at a terminal, and where it failed."""

import json

import click
import pytest
from click.testing import CliRunner

from config.cli import asking, main
from config.cli.asking import FAILED, Answer, answers
from sharing.domain.refusal import Refusal


def ask(answer, *arguments, terminal=False):
    @click.command()
    @answers(desk=False)
    def command():
        return answer

    # A group returns what its command returns; `Sharedesk.main` makes it the exit status.
    group = asking.Sharedesk("sharedesk", commands={"ask": command})
    runner = CliRunner()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: terminal, raising=False)
        return runner.invoke(group, ["ask", *arguments])


def test_a_program_gets_json_and_a_person_lines():
    answer = Answer({"n": 1, "words": "말"}, ["one"])
    assert json.loads(ask(answer).stdout) == {"n": 1, "words": "말"}
    assert ask(answer, terminal=True).stdout == "one\n"
    assert json.loads(ask(answer, "--json", terminal=True).stdout) == {"n": 1, "words": "말"}


def test_lines_are_only_made_for_a_person():
    def lines():
        raise AssertionError("nobody reads them")
        yield

    assert ask(Answer({}, lines())).exit_code == 0


def test_where_there_is_nothing_a_person_is_told_so():
    assert ask(Answer({"rows": []}, [], empty="no rows yet"), terminal=True).stdout == "no rows yet\n"


def test_what_failed_is_printed_said_and_ends_with_one():
    found = ask(Answer({"works": False}, [], failed="the platform said no"))
    assert (found.exit_code, json.loads(found.stdout)) == (FAILED, {"works": False})
    assert found.stderr == "sharedesk: the platform said no\n"
    assert ask(Answer({}, failed=True)).exit_code == FAILED


def test_a_refusal_after_data_is_one_line_and_ends_with_two():
    found = ask(Answer({"share": "s1"}, [], refusal=Refusal("share.no_accounts")))
    assert (found.exit_code, json.loads(found.stdout)) == (2, {"share": "s1"})
    assert found.stderr.startswith("sharedesk: ")
    assert found.stderr.count("\n") == 1


def test_every_command_that_answers_in_json_does_so_by_the_decorator():
    """All but `up` and `demo`, which go on talking while they run."""

    def commands(group, path=()):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from commands(command, (*path, name))
            else:
                yield " ".join((*path, name)), command

    of_their_own = {
        name
        for name, command in commands(main)
        if any(each.name == "as_json" for each in command.params)
        and command.callback.__code__.co_filename != asking.__file__
    }
    assert of_their_own == {"up", "demo"}
