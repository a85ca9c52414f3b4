"""Whether those at the table agree a joint cut, and what stands in the way."""

from __future__ import annotations

__all__ = ["MEETING", "ask"]

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from potline.agreement import MeetingResult
from potline.agreement.table.question import everyone_at
from potline.answers import Answers, there
from potline.cases.limits import MOST_DIVIDED
from potline.choices import Baseline, Belief, IdleBelow, Institution, Rule
from potline.errors import InputError, Problem
from potline.industry import Change
from potline.questions.deal import division_said, institutions_said, over_time_said
from potline.questions.inputs import said_of_inputs
from potline.questions.largest_deal import largest_lines, largest_tables
from potline.questions.meeting_faces import MEETING_FACES
from potline.report.at_table import many_sentence, seated_sentences
from potline.report.blocks import Head
from potline.report.figure import Figure
from potline.report.question import Question, Said
from potline.report.saying import called, say
from potline.report.sections.meeting import meeting_block
from potline.report.source import model_source
from potline.report.state import state_line
from potline.report.table import Table, json_value
from potline.report.tables.at_table import at_table_table, bounds_table
from potline.report.tables.division import division_tables
from potline.report.tables.enforcement import enforcement_tables
from potline.report.tables.institutions import institutions_table
from potline.report.tables.meeting import meeting_tables
from potline.report.tables.share import draws_table, institution_sentence, institution_table, share_table
from potline.report.tables.tonnage_obstacles import tonnage_obstacles_table
from potline.report.verdict import asked_lines, leaving_sentence, meeting_lines, meeting_quote

if TYPE_CHECKING:
    from potline.cases import Case


def _tables(held: MeetingResult, answers: Answers) -> Iterator[Table]:
    yield from meeting_tables(held)
    if held.share is not None:
        yield share_table(held.share)
        yield draws_table(held.share, answers.case.currency)


def _figures(held: MeetingResult, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.coalitions import coalition_figure
    from potline.report.figures.meeting import margins_figure
    from potline.report.figures.share import share_figure

    model = model_source(answers.case)
    yield margins_figure(held, source=model)
    yield coalition_figure(held, source=model)
    if held.share is not None:
        ranges = model_source(answers.case, say("meeting.ranges_as_in_table_factors"))
        yield share_figure(held.share, rule_words=called("rule", held.rule), source=ranges)


def _numbers(held: MeetingResult, answers: Answers) -> Mapping[str, Any]:
    cur, beyond, calm = answers.case.currency.lower(), held.margin(baseline=Baseline.NASH), held.without_pressure
    found: dict[str, Any] = {
        "verdict": held.verdict,
        f"margin_m_{cur}_per_year": json_value(held.margin_m_per_year),
        f"upper_margin_m_{cur}_per_year": json_value(held.margin().upper_m_per_year),
        "nearest_group": list(held.coalition),
        "verdict_beyond_cuts_alone": beyond.verdict,
        f"margin_beyond_cuts_alone_m_{cur}_per_year": json_value(beyond.margin_m_per_year),
        "verdict_without_pressure": calm.verdict,
        f"margin_without_pressure_m_{cur}_per_year": json_value(calm.margin_m_per_year),
        f"outside_money_m_{cur}_per_year": json_value(held.outside_money.with_compensation_m_per_year),
        "cut_with_no_deal_kt": held.nash_cut_kt,
        "owners_that_would_cut_alone": [cut.owner for cut in held.lone_cuts],
    }
    if held.share is not None:
        found |= {
            "share_of_ranges_with_an_agreement": held.share.of(),
            "share_standard_error": held.share.error_of(),
            "draws": held.share.draws,
        }
    return found


def _head(held: MeetingResult, answers: Answers) -> Head:
    word, sentence = meeting_quote(held, answers.case.currency)
    open_ = held.verdict == "not decided" or held.margin(baseline=Baseline.NASH).verdict != held.verdict
    return Head(
        title=say("meeting.will_the_producers_agree_to", product=answers.case.industry.product),
        word=word,
        sentence=sentence,
        kind="none" if open_ else "yes" if held.verdict == "agreement" else "no",
        note=leaving_sentence(held, answers.case.currency),
    )


def _verdict(held: MeetingResult, answers: Answers) -> list[str]:
    """Say what the tonnage asked for comes to, in brief where a larger question was answered before."""
    currency = answers.case.currency
    return asked_lines(held, currency) if answers.holds else _lines(held, currency)


def _lines(held: MeetingResult, currency: str) -> list[str]:
    """Say what does not hold of the state, then what the tonnage asked for comes to."""
    state = state_line(held.state)
    return [state, *meeting_lines(held, currency)] if state else meeting_lines(held, currency)


def ask(
    answers: Answers,
    *,
    rule: Rule | None,
    tonnage_kt: float | None,
    idle_below: IdleBelow | None,
    everyone: bool,
    institutions: tuple[Institution, ...],
    look_ahead: bool,
    plane: tuple[str, str, str, str] | None,
    one_at_a_time: bool,
    all_at_once: bool = False,
    trigger: float | None,
    window: float | None,
    leaving: Belief | None,
    joined: tuple[str, ...] = (),
) -> Said:
    """Ask whether the owners at the meeting of CASE will agree a joint cut, and what stands in the way.

    Words first: how large a cut would hold; then, of the tonnage asked for, the verdict, other institutions, whether
    the deal would hold over time, how its gain would be divided. With --map, --tornado, --sensitivity or --if-below
    also what the answer hangs on, and whether a cut that waits for a price would hold. With more than 20 owners groups
    are searched: the answer says what was found to hold, and what no group can exceed. Then tables; --json holds every
    table.
    """
    case = answers.case if idle_below is None else answers.case.at(idle_below)
    answers = answers.about(_put(case.joined_by(*joined) if joined else case, rule, tonnage_kt, everyone))
    if everyone and joined:
        raise InputError([Problem(where="--with", found="--everyone beside it", needed="one of the two")])
    _check_idle(answers, institutions=institutions, look_ahead=look_ahead, trigger=trigger, window=window)
    _check_turned(leaving, turned=plane is not None or trigger is not None or one_at_a_time or all_at_once)
    currency = answers.case.currency
    asked = said_of_inputs(
        answers,
        plane=plane, one_at_a_time=one_at_a_time, all_at_once=all_at_once,
        trigger=trigger, window=window, leaving=leaving,
    )  # fmt: skip
    if look_ahead:
        asked = _ahead(answers, asked)
    held = _held(answers)
    sentences = _lines(held, currency)
    tables = [*asked.tables, *meeting_tables(held)]
    if answers.tonnages is not None:
        sentences = [*largest_lines(answers.tonnages, answers), *meeting_lines(held, currency)]
        tables += largest_tables(answers.tonnages, answers)
        tables += [] if answers.tonnage_attribution is None else [tonnage_obstacles_table(answers.tonnage_attribution)]
        if answers.seated and not joined:
            sentences += seated_sentences(answers.seated)
            tables.append(at_table_table(answers.seated))
    elif answers.bounds is not None:
        sentences = [many_sentence(answers.bounds), *sentences]
        tables.append(bounds_table(answers.bounds))
    if held.share is not None:
        tables.append(share_table(held.share))
    if answers.divides:
        convened = answers.convened(institutions) if institutions else answers.institutions
        sentences += institutions_said(convened, currency)
        tables.append(institutions_table(convened, currency))
        if answers.over_time is not None:
            sentences.append(over_time_said(answers.over_time))
            tables += enforcement_tables(answers.over_time, currency)
        sentences.append(division_said(there(answers.division), currency))
        tables += division_tables(there(answers.division), currency)
    return Said(
        sentences=[*sentences, *asked.sentences, say("meeting.competition_law")],
        tables=tables,
        figures=asked.figures,
        columns=_columns(currency.lower()),
        shown=(*(table.name for table in asked.tables), *_USUAL),
        infeasible=held.verdict == "infeasible",
        asked={} if trigger is None else {"trigger_price": trigger, "window_years": 1.0 if window is None else window},
    )


def _check_turned(leaving: Belief | None, *, turned: bool) -> None:
    """Refuse an expectation of the others where nothing is asked that it turns.

    Raises:
        InputError: with what it needs.
    """
    if leaving is not None and not turned:
        needed = "--map, --tornado, --sensitivity or --if-below"
        raise InputError([Problem(where="--leaving", found="none of what it turns", needed=needed)])


def _check_idle(
    answers: Answers,
    *,
    institutions: tuple[Institution, ...],
    look_ahead: bool,
    trigger: float | None,
    window: float | None,
) -> None:
    """Refuse options that would change nothing.

    Raises:
        InputError: with what they need.
    """
    problems: list[Problem] = []
    if window is not None and trigger is None:
        problems.append(Problem(where="--within", found="no --if-below", needed="the price that the plan waits for"))
    if look_ahead and not answers.draws:
        problems.append(Problem(where="--look-ahead", found="--draws 0", needed="draws over the stated input ranges"))
    if institutions and answers.owners_at_table > MOST_DIVIDED:
        found, needed = (
            say("meeting.owners_at_the_table", owners_at_table=answers.owners_at_table),
            say("meeting.at_most", most_divided=MOST_DIVIDED),
        )
        problems.append(Problem(where="--institution", found=found, needed=needed))
    if problems:
        raise InputError(problems)


def _held(answers: Answers) -> MeetingResult:
    """Return the meeting; where the case holds none, say so as the verb does."""
    if answers.meeting is not None:
        return answers.meeting
    from potline.agreement import meeting

    return meeting(answers.case)


def _put(case: Case, rule: Rule | None, tonnage_kt: float | None, everyone: bool) -> Case:
    """Return the case with everyone at the table, another cut asked for, or shared by another rule, where told to."""
    put = everyone_at(case) if everyone else case
    if tonnage_kt is not None and put.meeting is not None:
        put = put.under(Change(path="meeting.least_cut_kt", operation="set", value=tonnage_kt))
    if rule is None or put.meeting is None:
        return put
    return dataclasses.replace(put, meeting=dataclasses.replace(put.meeting, rule=rule))


def _ahead(answers: Answers, asked: Said) -> Said:
    from potline.agreement import institution_share

    found = institution_share(answers.case, draws=max(8, answers.draws // 16), seed=answers.seed)
    return dataclasses.replace(
        asked,
        sentences=[*asked.sentences, institution_sentence(found)],
        tables=[*asked.tables, institution_table(found)],
    )


_USUAL = (
    "tonnages_that_hold",
    "tonnage_bounds",
    "at_table",
    "owners",
    "institutions",
    "incentives",
    "threats",
    "division",
    "division_payments",
)


def _columns(cur: str) -> dict[str, Sequence[str]]:
    return {
        "tonnages_that_hold": ("institution", "baseline", "leaving", "ranges_kt", "group"),
        "at_table": ("who", "owners", "reoptimise_kt", "reoptimise_none_above_kt", "group"),
        "owners": ("owner", "member", *(f"{name}_m_{cur}_per_year" for name in ("gain", "outside_gain", "slack"))),
        "institutions": ("institution", "believed_of_others", "verdict", f"margin_m_{cur}_per_year", "group"),
        "incentives": (
            "owner",
            *(f"{name}_m_{cur}_per_year" for name in ("coordinate", "defect", "punish")),
            "least_factor_per_month",
            "least_factor_per_year",
            "keeps",
        ),
    }


MEETING: Question[MeetingResult] = Question(
    answer=lambda answers: there(answers.meeting),
    tables=_tables,
    figures=_figures,
    numbers=_numbers,
    verdict=_verdict,
    leads=True,
    infeasible=lambda held: held.verdict == "infeasible",
    head=_head,
    chapter="The meeting",
    block=lambda _, parts: meeting_block(parts),
    faces=MEETING_FACES,
)
