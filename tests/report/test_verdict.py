from __future__ import annotations

import dataclasses
import math

from potline.report import Answers, verdict_lines
from potline.report.verdict import headline, meeting_quote


def test_the_lines_name_verdict_reason_range_and_place(answers: Answers) -> None:
    lines = verdict_lines(answers, "runs/starter/brief.html")
    assert lines[1].startswith("An agreement exists. Alpha and Beta Group can idle 50 kt/year together")
    assert any(line.startswith("Without government pressure (g = 0): agreement") for line in lines)
    assert any("of the stated input ranges" in line for line in lines)
    assert lines[-2] == "Checked by separate code: 10 of 10 certificates hold."
    assert lines[-1] == "Brief: runs/starter/brief.html"


def test_each_verdict_has_its_sentence(answers: Answers) -> None:
    held = answers.meeting
    assert held is not None
    missed = dataclasses.replace(held, verdict="no agreement", margin_m_per_year=-12.0)
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
    none = dataclasses.replace(held, verdict="infeasible", margin_m_per_year=math.nan)
    assert meeting_quote(none, "EUR") == (
        "No deal is possible.",
        "No group of the owners present can idle 50 kt/year.",
    )


def test_the_headline_holds_numbers_with_units_in_their_names(answers: Answers) -> None:
    found = headline(answers)
    assert found["price_quoted_eur_per_t"] == 1860.0
    assert found["plants_under_water"] == 2
    assert found["certificates_hold"] is True
