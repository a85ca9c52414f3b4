"""How large a cut would hold had others come to the table."""

from __future__ import annotations

__all__ = ["AT_TABLE"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import TonnageBounds
from potline.answers import Answers
from potline.answers.windows import Seated
from potline.choices import Belief
from potline.report.at_table import known_of, many_sentence, seated_sentences
from potline.report.blocks import Blocks, joined, paragraph, subheading, table_block
from potline.report.face import Face
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.parts import Parts
from potline.report.table import json_value
from potline.report.tables.at_table import at_table_table, bounds_table
from potline.verification import Check

Found = tuple[Seated, ...]

_SHOWN = (
    "who",
    "owners",
    "reoptimise_kt",
    "reoptimise_none_above_kt",
    "keep_kt",
    "respread_kt",
    "collapse_kt",
    "group",
)


def _numbers(found: Found, answers: Answers) -> Mapping[str, Any]:
    del answers
    named: dict[str, Any] = {}
    for one in found[1:]:
        k_star, bound, _ = known_of(one.found, Belief.REOPTIMISE)
        name = "with_everyone" if one.everyone else "with_largest_absent_owners"
        named[f"largest_cut_{name}_kt"] = json_value(k_star)
        named[f"no_cut_above_{name}_kt"] = json_value(bound)
    return named


def _checks(found: Found, answers: Answers) -> Iterator[Check]:
    del answers
    for one in found[1:]:
        yield from one.found.certificate.checks


def _block(found: Found, parts: Parts) -> Blocks:
    return joined(
        subheading(say("at_table.heading")),
        paragraph(" ".join(seated_sentences(found))),
        table_block(parts.table("at_table").bare.picked(_SHOWN)),
    )


def _shown_numbers(found: TonnageBounds) -> Mapping[str, Any]:
    one = found.bound_of()
    return {"owners": found.owners, "found_to_hold_kt": one.found_kt, "none_above_kt": one.bound_kt}


_FACE: Face[TonnageBounds] = Face(
    numbers=_shown_numbers,
    sentences=lambda found: [many_sentence(found)],
    tables=lambda found: [bounds_table(found)],
)

AT_TABLE: Question[Found] = Question(
    answer=lambda answers: answers.seated,
    tables=lambda found, _: [at_table_table(found)],
    checks=_checks,
    numbers=_numbers,
    chapter="The meeting",
    block=_block,
    faces={"TonnageBounds": _FACE},
)
