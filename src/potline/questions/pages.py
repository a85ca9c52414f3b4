"""Tables of questions in README and docs, made from the list: ``python -m potline.questions.pages`` rewrites them."""

from __future__ import annotations

__all__ = ["question_page", "question_table", "rewritten"]

from collections.abc import Sequence
from pathlib import Path

from potline.questions import listed
from potline.report.listed import Listed

START, END = "<!-- questions: made from the list -->", "<!-- end of questions -->"


def question_table(questions: Sequence[Listed]) -> str:
    """Return the README's table: what is asked, and where."""
    rows = [f"| {item.about} | {_where(item)} |" for item in questions]
    return "\n".join(["| question | where |", "|---|---|", *rows])


def question_page(questions: Sequence[Listed]) -> str:
    """Return the table of the documentation: question, verb, command, page; paths from ``docs/``."""
    rows = [f"| {item.about} | `pot.{item.verb}` | {_where(item)} | [{item.page}]({item.page}) |" for item in questions]
    return "\n".join(["| question | verb | command | page |", "|---|---|---|---|", *rows])


def rewritten(text: str, table: str) -> str:
    """Return a page with the table between its marks.

    Raises:
        ValueError: the page has no marks.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"found no {START!r} and {END!r}; needed both, in that order")
    return f"{before}{START}\n{table}\n{END}{after}"


def _where(item: Listed) -> str:
    return f"`potline {item.name if item.command else item.told_by}`"


def _main() -> None:
    for page, table in (("README.md", question_table), ("docs/questions.md", question_page)):
        place = Path(page)
        place.write_text(rewritten(place.read_text(encoding="utf-8"), table(listed())), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _main()
