"""Whether what is seen of the lines is a state that the model would hold."""

from __future__ import annotations

__all__ = ["STATE", "ask"]

from collections.abc import Mapping
from typing import Any

from potline.answers import Answers, there
from potline.report.blocks import Blocks, joined, paragraph, subheading, table_block
from potline.report.face import Face
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.parts import Parts
from potline.report.state import draws_sentence, power_sentence, state_line, state_sentences
from potline.report.tables.state import state_tables
from potline.shutdown import ObservedState, observed_state


def _numbers(state: ObservedState, answers: Answers) -> Mapping[str, Any]:
    if not state_line(state):
        return {}
    cur = answers.case.currency.lower()
    return {
        "state": state.status,
        "running_not_explained_kt": state.not_explained_kt,
        f"not_explained_{cur}_per_t": state.mean_not_explained_per_t,
        "idle_below_restart_price_kt": state.below_restart_kt,
    }


def _block(state: ObservedState, parts: Parts) -> Blocks:
    """Say what does not hold, where something does not; else nothing."""
    line, drawn = state_line(state), draws_sentence(state)
    if not (line or drawn):
        return ()
    said = " ".join(one for one in (line, power_sentence(state) if line else "", drawn) if one)
    tables = [table_block(parts.table(table.name)) for table in state_tables(state)]
    return joined(subheading(say("state.what_is_seen")), paragraph(said), *tables)


def ask(answers: Answers) -> Said:
    """Ask whether the lines of CASE are where their stopping and restart prices have them."""
    state = answers.state or observed_state(answers.case.industry)
    return Said(sentences=state_sentences(state), tables=state_tables(state))


def _shown_numbers(state: ObservedState) -> Mapping[str, Any]:
    return {
        "state": state.status,
        "price_per_t": state.industry.price_per_t,
        "running_not_explained_kt": state.not_explained_kt,
        "idle_below_restart_price_kt": state.below_restart_kt,
        "state_holds_from_price_per_t": state.lowest_per_t,
        "to_price_per_t": state.highest_per_t,
    }


_FACE: Face[ObservedState] = Face(numbers=_shown_numbers, sentences=state_sentences, tables=state_tables)

STATE: Question[ObservedState] = Question(
    answer=lambda answers: there(answers.state),
    tables=lambda state, _: state_tables(state),
    numbers=_numbers,
    chapter="Losses",
    block=_block,
    faces={"ObservedState": _FACE},
)
