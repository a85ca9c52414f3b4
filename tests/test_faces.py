"""Every answer shows itself: a few lines, a page of a notebook, frames and charts, whichever verb gave it."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nanoarrow
import pytest
from tests.questions.weighed import WEIGHED, Weight

import potline as pot
from potline.questions import QUESTIONS, listed, register, unregister
from potline.questions.faces import MOST_PAGE, face_of
from potline.showing import Shown
from potline.verification import rows_of

STEEL = Path(__file__).parent / "steel" / "works"
CASES = {"flagship": "china-aluminium-2013", "steel": STEEL}
NOT_ASKED = {
    "NetworkEquilibrium": "of any network, not of a case",
    "ShortageProof": "why a network has no equilibrium",
    "PayoffSet": "of a textbook game",
    "CartelStability": "of a textbook market",
    "CaseComparison": "of all questions, asked of two cases",
}
VOID = {"br", "img", "meta", "link", "path", "rect", "line", "use", "circle", "stop"}


def verbs():
    """Yield the public verbs that ask a case or an industry and nothing else."""
    for name in pot.__all__:
        verb = getattr(pot, name)
        if not (name.islower() and (inspect.isfunction(verb) or hasattr(verb, "__wrapped__"))):
            continue
        found = inspect.signature(inspect.unwrap(verb)).parameters
        first, *others = found.values() or [inspect.Parameter("none", inspect.Parameter.KEYWORD_ONLY)]
        needed = [item.name for item in others if item.default is item.empty and item.kind is not item.VAR_KEYWORD]
        if first.name in ("case", "industry", "case_or_industry") and not needed and name not in ("run", "brief"):
            yield name, first.name, {"draws": 8} if "draws" in found else {}


VERBS = list(verbs())


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return pot.load(CASES[request.param])


def answers(case, name, first, more):
    """Return what a verb answers, each answer by itself; none where the case has not what it asks for."""
    try:
        found = getattr(pot, name)(case.industry if first == "industry" else case, **more)
    except pot.PotlineError:
        return []
    return [one for one in (found if isinstance(found, tuple) else (found,)) if isinstance(one, Shown)]


class Balanced(HTMLParser):
    """Every element is closed by its own end."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  (as the parser calls it)
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):  # noqa: ARG002
        self.seen.add(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    @classmethod
    def read(cls, text):
        reader = cls()
        reader.feed(text)
        reader.close()
        assert reader.open == []
        return reader.seen


def look_at(found):
    kind = type(found).__name__
    text, page = repr(found), found._repr_html_()
    assert len(text) < 1000
    assert text.startswith(kind)
    assert len(text.splitlines()) <= 3
    asked = [item for item in listed() if kind in item.results]
    assert all(item.about in text for item in asked)
    rows = rows_of(found)
    assert ("checks: " in text) == (getattr(found, "certificate", None) is not None)
    if rows:
        assert f"checks: {len(rows)} of {len(rows)} hold" in text
    assert len(page.encode()) < MOST_PAGE
    assert "script" not in Balanced.read(page)
    for name in found.tables():
        frame = found.table(name)
        whole = nanoarrow.ArrayStream(frame)
        assert [field.name for field in whole.schema.fields] == list(frame.columns)
        assert sum(len(batch) for batch in whole) == len(frame)
    drawn = next((one for one in face_of(found).figures(found) if one is not None), None)
    if drawn is not None:
        assert found.plot().to_dict()["title"] == drawn.chart_spec["title"]
        assert ("<svg" in page) or "`.plot()` draws it" in page
    return page


@pytest.mark.parametrize(("name", "first", "more"), VERBS, ids=[name for name, _, _ in VERBS])
def test_an_answer_of_any_verb_shows_itself(case, name, first, more):
    for found in answers(case, name, first, more):
        look_at(found)


@pytest.mark.parametrize("name", pot.shipped())
def test_a_case_and_its_industry_show_themselves(name):
    case = pot.load(name)
    assert "<table>" in look_at(case)
    look_at(case.industry)
    look_at(pot.Answers(case, draws=0))


def test_a_case_prints_without_loading_what_answers_questions():
    code = (
        "import sys, potline as pot\n"
        "assert repr(pot.load('china-aluminium-2015')).startswith('Case of china-aluminium-2015')\n"
        "print(sorted({'numba', 'scipy', 'vl_convert', 'potline.agreement'} & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.strip() == "[]"


def test_what_answers_are_made_of_prints_short_too():
    case = pot.load("china-aluminium-2013")
    seen = {}

    def walk(value, depth=0):
        if dataclasses.is_dataclass(value) and type(value).__name__ in pot.__all__:
            seen[type(value).__name__] = max(seen.get(type(value).__name__, 0), len(repr(value)))
            for item in dataclasses.fields(value):
                walk(getattr(value, item.name), depth + 1)
        elif isinstance(value, tuple) and depth < 7:
            for one in value[:60]:
                walk(one, depth + 1)

    for found in (case, pot.meeting(case, draws=0), pot.stopping_prices(case.industry), pot.chain(case)):
        walk(found)
    assert len(seen) > 30
    assert {name: size for name, size in seen.items() if size >= 1000} == {}


def test_every_kind_of_answer_has_a_question_or_a_reason_why_not():
    for name in pot.__all__:
        getattr(pot, name)
    known = {kind for kind in pot.verify.registry if kind is not object}
    assert all(issubclass(kind, Shown) for kind in known)
    named = [name for item in QUESTIONS for name in item.results]
    assert len(named) == len(set(named))
    assert {kind.__name__ for kind in known} - set(named) == set(NOT_ASKED)
    assert set(named) <= set(pot.__all__)
    for item in QUESTIONS:
        assert set(item.question.faces) <= set(item.results)


def test_a_question_from_outside_shows_its_own_answers():
    register(WEIGHED)
    try:
        assert repr(Weight(weight_kt=3.0)) == "Weight of one: how heavy is it?\n  weight 3 kt/year"
        assert Weight(weight_kt=3.0).tables() == ()
    finally:
        unregister("weighed")
    assert repr(Weight(weight_kt=3.0)) == "Weight of one\n  weight 3 kt/year"


def test_text_of_a_case_is_escaped():
    bad = "<script>alert('x')</script>"
    industry = pot.Industry(
        name=bad,
        price_per_t=10.0,
        demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        plants=(pot.Plant(name=bad, firm=bad, capacity_kt=3.0, other_cost_per_t=11.0),),
    )
    for found in (industry, pot.cost_curve(industry), pot.solve(industry), pot.Case(name=bad, industry=industry)):
        page = found._repr_html_()
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        for name in found.tables():
            assert "<script" not in found.table(name)._repr_html_()


def test_a_certificate_that_fails_is_said():
    one = pot.Industry(
        name="one",
        demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        plants=(pot.Plant(name="A", firm="A", capacity_kt=3.0, other_cost_per_t=1.0),),
    )
    found = pot.solve(one)
    wrong = dataclasses.replace(found, price_per_t=8.0)
    spoiled = dataclasses.replace(wrong, certificate=pot.verify(wrong))
    assert re.search(r"checks: \d of \d hold; not ", repr(spoiled))


def test_a_figure_or_table_that_is_not_there_is_refused():
    case = pot.load("china-aluminium-2015")
    curve = pot.cost_curve(case.industry)
    with pytest.raises(pot.InputError) as error:
        curve.table("plant")
    assert str(error.value) == (
        "CostCurve.table: found 'plant'; needed one of: plants, costs_by_province, costs_by_owner, under_water."
    )
    with pytest.raises(pot.InputError) as error:
        curve.plot("curve")
    assert (
        str(error.value)
        == "CostCurve.plot: found 'curve'; needed one of: cost_curve, cost_curve_by_owner, cost_curve_by_state."
    )
    with pytest.raises(pot.InputError) as error:
        case.plot()
    assert str(error.value) == (
        "Case.plot: found no figure; needed an answer that the brief draws. "
        "Its tables: factors, policies, standings, sources and claims."
    )
