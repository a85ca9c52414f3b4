"""No public name, argument or field changes by accident."""

from __future__ import annotations

from tests.public_api import LISTED, lines


def test_the_public_names_and_what_they_take_are_those_listed():
    listed, found = LISTED.read_text(encoding="utf-8").splitlines(), lines()
    gone = [line for line in listed if line not in found]
    new = [line for line in found if line not in listed]
    changed = "\n".join([*(f"- {line}" for line in gone), *(f"+ {line}" for line in new)])
    assert not changed, (
        "The public names changed. Where that is meant, write `python -m tests.public_api`, say in CHANGELOG.md what "
        f"users have to change, and commit both.\n{changed}"
    )
