from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.tiny import tiny

from potline.agreement import Margin, MeetingResult, meeting
from potline.answers import Answers
from potline.cases import Case
from potline.questions import listed
from potline.report.contents import checks_of, headline
from potline.report.listed import asked
from potline.report.running import RunResult
from potline.report.spoken import Spoken
from potline.report.verdict import leaving_sentence, meeting_lines, meeting_quote, shrinking_sentence
from potline.report.words import percent


def spoken(answers: Answers) -> tuple[str, ...]:
    questions = asked(listed(), answers)
    found = Spoken(answers, questions, lambda _: None)
    for item in questions:
        found.after(item)
    return found.closed(checks_of(answers, questions))


def test_the_lines_name_verdict_reason_and_range(answers: Answers, finished: RunResult) -> None:
    lines = spoken(answers)
    assert lines == finished.verdict
    assert lines[1] == "Of the case's 81 numbers 100 % are assumed."
    assert lines[2].startswith("No cut would hold. Whatever the tonnage, in every group some member would gain by")
    assert "Over the stated ranges the largest cut is" in lines[2]
    assert lines[3].startswith("With no deal Alpha would idle")
    assert lines[4].startswith("Where those who stay do not choose anew: ")
    told = "Asked for 50 kt/year (others keep their cut): An agreement exists. Alpha and Beta Group can idle 50 kt/year"
    assert lines[5].startswith(told)
    count = len(finished.checks)
    assert count > 13
    assert lines[-1] == f"Checked by separate code: {count} of {count} checks hold."


def by_baseline(held: MeetingResult, observed: float, nash: float) -> tuple[Margin, ...]:
    """Return the margins of a meeting with those of each baseline set."""
    worth = {"observed": observed, "nash": nash}
    return tuple(
        dataclasses.replace(item, margin_m_per_year=worth[item.baseline], upper_m_per_year=worth[item.baseline])
        for item in held.margins
    )


def test_both_baselines_stand_in_the_quote_where_they_differ(starter: Case) -> None:
    held = meeting(starter.override("meeting.least_cut_kt=25"), draws=0)
    assert (held.verdict, held.margin(baseline="nash").verdict) == ("agreement", "no agreement")
    assert meeting_quote(held, "EUR") == (
        "An agreement exists from the observed state, none beyond what owners would idle alone.",
        "Alpha and Beta Group can idle 25 kt/year together and each is better off staying in: the least of them by "
        "6.4 m EUR a year. With no deal owners would idle 55 kt/year in their own interest; counted from there the "
        "best group misses by 3.8 m EUR a year.",
    )


@pytest.mark.parametrize(
    ("observed", "nash", "word", "end"),
    [
        (-3.0, 2.0, "No agreement from the observed state, one exists beyond what owners would idle alone.",
         "counted from there Alpha and Beta Group can idle 50 kt/year more, the least of them better off by "
         "2.0 m EUR a year."),
        (4.0, math.nan, "An agreement exists from the observed state, no deal is possible beyond what owners would "
         "idle alone.", "counted from there no group can idle 50 kt/year more."),
        (math.nan, -1.0, "No deal is possible from the observed state, none beyond what owners would idle alone.",
         "counted from there the best group misses by 1.0 m EUR a year."),
    ],
)  # fmt: skip
def test_each_pair_of_verdicts_has_its_words(
    answers: Answers, observed: float, nash: float, word: str, end: str
) -> None:
    held = answers.meeting
    assert held is not None
    margins = by_baseline(held, observed, nash)
    first = next(item for item in margins if item.baseline == "observed" and item.leaving == "keep")
    moved = dataclasses.replace(held, verdict=first.verdict, margin_m_per_year=observed, margins=margins)
    said = meeting_quote(moved, "EUR")
    assert said[0] == word
    assert said[1].endswith(f"With no deal owners would idle 55 kt/year in their own interest; {end}")


def test_each_verdict_has_its_sentence(answers: Answers) -> None:
    held = answers.meeting
    assert held is not None
    missed = dataclasses.replace(
        held, verdict="no agreement", margin_m_per_year=-12.0, margins=by_baseline(held, -12.0, -12.0)
    )
    word, sentence = meeting_quote(missed, "EUR")
    assert word == "No agreement."
    assert "the best group misses by 12 m EUR a year" in sentence
    rows = tuple(
        dataclasses.replace(row, gain_m_per_year=-5.0, outside_gain_m_per_year=7.0, slack_m_per_year=-12.0)
        for row in missed.owners
    )
    _, sentence = meeting_quote(dataclasses.replace(missed, owners=rows), "EUR")
    assert sentence.endswith(
        "Alpha would lose 5.0 m EUR a year in the deal and gain 7.0 m EUR by staying out while the others cut."
    )
    none = dataclasses.replace(
        held, verdict="infeasible", margin_m_per_year=math.nan, margins=by_baseline(held, math.nan, math.nan)
    )
    assert meeting_quote(none, "EUR") == (
        "No deal is possible.",
        "No group of the owners present can idle 50 kt/year.",
    )


def test_the_headline_holds_numbers_with_units_in_their_names(answers: Answers) -> None:
    found = headline(answers, listed(), checks_of(answers, listed()))
    assert found["price_quoted_eur_per_t"] == 1860.0
    assert found["plants_under_water"] == 2
    assert found["certificates_hold"] is True


def test_the_verdict_says_what_it_hangs_on(answers: Answers) -> None:
    held = answers.meeting
    assert held is not None
    assert held.share is not None
    sentence = leaving_sentence(held, "EUR")
    assert sentence in meeting_lines(held, "EUR")
    assert sentence.startswith("This hangs on what the others do once a member leaves. If they keep their cut")
    for leaving in ("keep", "respread", "collapse"):
        assert percent(held.share.of(leaving=leaving)) in sentence
    assert leaving_sentence(dataclasses.replace(held, verdict="infeasible"), "EUR") == ""


def test_obstacles_that_shrink_when_the_market_clears_are_named(answers: Answers) -> None:
    held = answers.meeting
    assert held is not None
    first, second, *rest = held.obstacles.obstacles
    moved = (
        dataclasses.replace(first, held_m_per_year=100.0, cleared_m_per_year=5.0),
        dataclasses.replace(second, held_m_per_year=100.0, cleared_m_per_year=90.0),
        *(dataclasses.replace(item, held_m_per_year=0.0, cleared_m_per_year=0.0) for item in rest),
    )
    words = shrinking_sentence(dataclasses.replace(held.obstacles, obstacles=moved))
    assert f"{first.name} (from +100 to +5) shrinks." in words
    assert second.name not in words


def test_a_tonnage_a_hair_above_all_that_runs_is_written_with_digits_that_tell_it() -> None:
    case = tiny()
    running = sum(row.running_kt for row in meeting(case, draws=0).owners)
    least = running + 1e-7
    held = meeting(dataclasses.replace(case, meeting=dataclasses.replace(case.meeting, least_cut_kt=least)), draws=0)
    assert held.verdict == "infeasible"
    assert meeting_quote(held, "CNY")[1] == f"No group of the owners present can idle {least:.11g} kt/year."
