"""What the margin hangs on: inputs one at a time, two at a time and all at once, and a cut that waits for a price."""

from __future__ import annotations

__all__ = ["MAPS", "SENSITIVITY", "TONNAGE_TORNADO", "TORNADO", "TRIGGERS", "said_of_inputs"]

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from potline.agreement import MarginSensitivity, StabilityMap, TonnageTornado, Tornado, TriggerRange
from potline.answers import Answers, there
from potline.cases.limits import MOST_GONE_THROUGH
from potline.choices import Belief
from potline.errors import InputError, Problem
from potline.questions.input_faces import (
    MAP_FACES,
    SENSITIVITY_FACES,
    TONNAGE_TORNADO_FACES,
    TORNADO_FACES,
    TRIGGER_FACES,
)
from potline.questions.quoted import untaxed_price
from potline.report.data_worth import first_sentence
from potline.report.figure import Figure
from potline.report.figures.stability import map_figure
from potline.report.figures.tonnage_map import tonnage_map_figure
from potline.report.figures.tornado import sensitivity_figure, tonnage_tornado_figure, tornado_figure
from potline.report.figures.triggers import trigger_figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.inputs import deciding_inputs, waiting_cut
from potline.report.source import model_source
from potline.report.table import Table
from potline.report.tables.stability import (
    boundary_table,
    data_worth_table,
    map_table,
    sensitivity_table,
    tonnage_map_table,
    tonnage_sensitivity_table,
    tonnage_tornado_table,
    tornado_table,
)
from potline.report.tables.triggers import trigger_table

if TYPE_CHECKING:
    from potline.cases import InputRange


def said_of_inputs(
    answers: Answers,
    *,
    plane: tuple[str, str, str, str] | None,
    one_at_a_time: bool,
    all_at_once: bool = False,
    trigger: float | None,
    window: float | None,
    leaving: Belief | None = None,
) -> Said:
    """Return what was asked of inputs beyond the meeting itself.

    Args:
        answers: of a case with a meeting.
        plane: two inputs, each with its range as typed; None for no map.
        one_at_a_time: a tornado and Sobol indices.
        all_at_once: Sobol indices of the largest cut that holds.
        trigger: price as quoted, or None.
        window: years.
        leaving: what those who stay do when one leaves; the headline's ``keep`` unless told.
    """
    parts: list[Said] = []
    if plane is not None:
        parts.append(_map(answers, plane, leaving))
    if one_at_a_time:
        parts.append(_tornado(answers, leaving))
    if all_at_once:
        parts.append(_all_at_once(answers, leaving))
    if trigger is not None:
        parts.append(_waiting(answers, trigger, 1.0 if window is None else window, leaving or Belief.KEEP))
    return Said(
        sentences=[line for part in parts for line in part.sentences],
        tables=[table for part in parts for table in part.tables],
        figures=[drawn for part in parts for drawn in part.figures],
    )


def _map(answers: Answers, plane: tuple[str, str, str, str], leaving: Belief | None) -> Said:
    case = answers.case
    from potline.agreement import stability_map, tonnage_map

    first, second = _range(plane[0], plane[1]), _range(plane[2], plane[3])
    ways = (Belief.KEEP, Belief.COLLAPSE) if leaving is None else (leaving,)
    maps = [stability_map(case, first, second, leaving=way) for way in ways]
    source = say("inputs.case", name=case.name)
    largest = [tonnage_map(case, first, second, leaving=leaving or Belief.REOPTIMISE)] if answers.holds else []
    drawn = [tonnage_map_figure(item, source=source) for item in largest]
    drawn.append(map_figure(maps, currency=case.currency, source=source))
    tables = [tonnage_map_table(item) for item in largest]
    tables += [table(item, case.currency) for item in maps for table in (boundary_table, map_table)]
    return Said(sentences=[item.sentence for item in drawn], tables=tables, figures=drawn)


def _all_at_once(answers: Answers, leaving: Belief | None) -> Said:
    from potline.agreement import tonnage_sensitivity

    if not answers.holds:
        found = say("meeting.owners_at_the_table", owners_at_table=answers.owners_at_table)
        needed = say("meeting.at_most", most_divided=MOST_GONE_THROUGH)
        raise InputError([Problem(where="--sensitivity", found=found, needed=needed)])
    draws = max(8, answers.draws // 16)
    one = tonnage_sensitivity(answers.case, draws=draws, seed=answers.seed, leaving=leaving or Belief.REOPTIMISE)
    drawn = sensitivity_figure(one, source=say("inputs.case_ranges_as_in_its", name=answers.case.name))
    figures = [] if drawn is None else [drawn]
    sentences = [item.sentence for item in figures] or [say("inputs.largest_same")]
    return Said(sentences=sentences, tables=[tonnage_sensitivity_table(one)], figures=figures)


def _tornado(answers: Answers, way: Belief | None) -> Said:
    from potline.agreement import margin_sensitivity, tonnage_tornado, tornado

    case = answers.case
    source = say("inputs.case_ranges_as_in_its", name=case.name)
    leaving = way or Belief.KEEP
    largest = [tonnage_tornado(case, leaving=way or Belief.REOPTIMISE)] if answers.holds else []
    one = tornado(case, leaving=leaving)
    every = margin_sensitivity(case, draws=max(8, answers.draws // 16), seed=answers.seed, leaving=leaving)
    drawn = (
        *(tonnage_tornado_figure(item, source=source) for item in largest),
        tornado_figure(one, currency=case.currency, source=source),
        sensitivity_figure(every, source=source),
    )
    figures = [item for item in drawn if item is not None]
    tables = [table(item) for item in largest for table in (tonnage_tornado_table, data_worth_table)]
    tables += [tornado_table(one, case.currency), sensitivity_table(every, case.currency)]
    worth = [line for item in largest if (line := first_sentence(item))]
    return Said(sentences=[*(item.sentence for item in figures), *worth], tables=tables, figures=figures)


def _waiting(answers: Answers, trigger: float, window: float, leaving: Belief) -> Said:
    from potline.agreement import Conditional, Tabled, propose, trigger_range
    from potline.agreement.table.question import question_of
    from potline.report.tables.triggers import condition_sentence, condition_table

    level = untaxed_price("--if-below", trigger, answers.case.industry.vat_rate)
    if not window > 0.0:
        raise InputError([Problem(where="--within", found=f"{window:g}", needed="a number of years above 0")])
    case = answers.case
    asked = question_of(case, None)
    found = [
        propose(
            case,
            Conditional(proposal=Tabled(), trigger_per_t=level, window_years=window, parity=parity),
            leaving=leaving,
        )
        for parity in ("held", "follows")
    ]
    ranges = [trigger_range(case, parity=parity, leaving=leaving) for parity in ("held", "follows")]
    drawn = trigger_figure(ranges, case.industry, rule=asked.rule, source=say("inputs.case", name=case.name))
    sentences = [condition_sentence(found, case.industry)]
    figures = [] if drawn is None else [drawn]
    sentences += [item.sentence for item in figures]
    tables = [condition_table(found, case.industry), trigger_table(ranges, case.industry)]
    return Said(sentences=sentences, tables=tables, figures=figures)


def _range(name: str, text: str) -> InputRange:
    from potline.cases import InputRange
    from potline.cases.cells import read_number

    if text.strip() == "stated":
        return InputRange(input=name)
    needed = "LOW..HIGH, such as 120..200, or `stated` for the range of a factor"
    try:
        interval = read_number(text)
    except ValueError:
        raise InputError([Problem(where=f"--map {name!r}", found=repr(text), needed=needed)]) from None
    if not interval.is_range:
        raise InputError([Problem(where=f"--map {name!r}", found=repr(text), needed=needed)])
    return InputRange(input=name, low=interval.low, high=interval.high)


def _tonnage_tornado_figures(found: TonnageTornado | None, answers: Answers) -> Iterator[Figure | None]:
    if found is not None:
        yield tonnage_tornado_figure(found, source=model_source(answers.case, say("inputs.ranges")))


def _tonnage_tornado_numbers(found: TonnageTornado | None, answers: Answers) -> Mapping[str, Any]:
    del answers
    if found is None:
        return {}
    first = found.rows[0]
    return {"largest_cut_most_moved_by": first.input.name, "largest_cut_swing_kt": first.swing_kt}


def _tornado_figures(found: Tornado | None, answers: Answers) -> Iterator[Figure | None]:
    if found is not None:
        source = model_source(answers.case, say("inputs.ranges"))
        yield tornado_figure(found, currency=answers.case.currency, source=source)


def _sensitivity_figures(found: MarginSensitivity | None, answers: Answers) -> Iterator[Figure | None]:
    if found is not None:
        yield sensitivity_figure(found, source=model_source(answers.case, say("inputs.ranges")))


def _maps_figures(found: tuple[StabilityMap, ...], answers: Answers) -> Iterator[Figure]:
    if found:
        yield map_figure(found, currency=answers.case.currency, source=model_source(answers.case, say("inputs.ranges")))


def _maps_tables(found: tuple[StabilityMap, ...], answers: Answers) -> Iterator[Table]:
    for item in found:
        yield map_table(item, answers.case.currency)
        yield boundary_table(item, answers.case.currency)


def _triggers_figures(found: tuple[TriggerRange, ...], answers: Answers) -> Iterator[Figure | None]:
    rule = there(answers.meeting).rule
    yield trigger_figure(found, answers.case.industry, rule=rule, source=model_source(answers.case))


TONNAGE_TORNADO: Question[TonnageTornado | None] = Question(
    answer=lambda answers: answers.tonnage_tornado,
    tables=lambda found, _: [] if found is None else [tonnage_tornado_table(found), data_worth_table(found)],
    figures=_tonnage_tornado_figures,
    faces=TONNAGE_TORNADO_FACES,
    numbers=_tonnage_tornado_numbers,
)

TORNADO: Question[Tornado | None] = Question(
    answer=lambda answers: answers.tornado,
    tables=lambda found, answers: [] if found is None else [tornado_table(found, answers.case.currency)],
    figures=_tornado_figures,
    faces=TORNADO_FACES,
    chapter="What would it take",
    block=lambda _, parts: deciding_inputs(parts),
)

SENSITIVITY: Question[MarginSensitivity | None] = Question(
    answer=lambda answers: answers.sensitivity,
    tables=lambda found, answers: [] if found is None else [sensitivity_table(found, answers.case.currency)],
    figures=_sensitivity_figures,
    faces=SENSITIVITY_FACES,
)

MAPS: Question[tuple[StabilityMap, ...]] = Question(
    answer=lambda answers: answers.maps, tables=_maps_tables, figures=_maps_figures, faces=MAP_FACES
)

TRIGGERS: Question[tuple[TriggerRange, ...]] = Question(
    answer=lambda answers: answers.triggers,
    tables=lambda found, answers: [trigger_table(found, answers.case.industry)],
    figures=_triggers_figures,
    faces=TRIGGER_FACES,
    chapter="What would it take",
    block=lambda _, parts: waiting_cut(parts),
)
