"""Choices are types: each word stands in one file, is read at the edge, and prints as itself."""

import ast
import copy
import json
import pathlib
import pickle

import pytest

import potline
from potline import choices
from potline.choices import (
    TESTED,
    Baseline,
    Belief,
    Choice,
    Conduct,
    CostMeasure,
    Ending,
    IdleBelow,
    Institution,
    Instrument,
    Language,
    OnFailure,
    Party,
    Rule,
    StateStatus,
    StopKind,
    Valuation,
)
from potline.errors import InputError
from potline.reading import reads

SOURCE = pathlib.Path(potline.__file__).parent
TYPES = (
    Rule,
    Baseline,
    Belief,
    Belief,
    Institution,
    Instrument,
    Conduct,
    Language,
    OnFailure,
    Party,
    Ending,
    CostMeasure,
    Valuation,
    IdleBelow,
    StateStatus,
    StopKind,
)
FREE = ("choices.py", "numerics")
"""Where a word may stand: the file of the types, and kernels, which know none of them."""

PROSE = {
    ("agreement/checks/cartel.py", "efficient"): "how the quotas of a cartel are shared",
    ("agreement/checks/stakes.py", "efficient"): "the same",
    ("agreement/enforcement/quantities.py", "efficient"): "the same",
    ("agreement/enforcement/incentives.py", "transfers"): "the name of an argument",
    ("cases/documented_stops.py", "price"): "the name of a column",
    ("cases/said.py", "price"): "the same",
    ("cases/schema_1.py", "quantity"): "a key of older folders",
    ("equilibrium/input_market_result.py", "price"): "what a check looked at",
    ("equilibrium/network/keeping.py", "keep"): "the name of a function",
    ("evidence/input_imports.py", "observed"): "how sure a price abroad is",
    ("evidence/checks.py", "observed"): "the same, and the name of a check",
    ("plausibility/ranges.py", "price"): "an option",
    ("questions/commands.py", "cash"): "what a line avoids, where it stops at its cash cost",
    ("questions/costs.py", "price"): "the name of an argument",
    ("questions/market.py", "cash"): "the same as in commands",
    ("questions/inputs.py", "stated"): "the range of a factor",
    ("report/figures/costs.py", "price"): "a field of a chart",
    ("report/figures/stops.py", "price"): "a field of a chart",
    ("report/figures/support.py", "price"): "a field of a chart",
    ("report/tables/enforcement.py", "restart"): "the name of a column",
    ("report/saying.py", "most"): "how many of something a sentence names",
    ("report/words.py", "quantity"): "the name of a function",
    ("shutdown/stopping.py", "restart"): "part of a field's name",
}
"""Where a string equals a choice's word and is none: prose, or another thing's name."""


def words_in(path):
    words = {str(word) for kind in TYPES for word in kind}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words
    }


def test_no_word_of_a_choice_is_spelled_but_where_its_type_stands():
    files = {path.relative_to(SOURCE): path for path in sorted(SOURCE.rglob("*.py"))}
    found = {
        (name.as_posix(), word) for name, path in files.items() if name.parts[0] not in FREE for word in words_in(path)
    }
    assert found == set(PROSE)


def test_every_choice_of_the_file_is_public_and_tested_here():
    kinds = {name for name, item in vars(choices).items() if isinstance(item, type) and issubclass(item, Choice)}
    assert kinds - {"Choice"} == {kind.__name__ for kind in TYPES}
    assert kinds - {"Choice"} <= set(potline.__all__)


@pytest.mark.parametrize("word", [word for kind in TYPES for word in kind])
def test_a_choice_is_its_word(word):
    assert word == word.value
    assert f"{word}" == word.value
    assert repr(word) == repr(word.value)
    assert hash(word) == hash(word.value)
    assert json.dumps([word]) == json.dumps([word.value])
    assert pickle.loads(pickle.dumps(word)) is word
    assert copy.deepcopy(word) is word
    assert list(type(word))[word.place] is word


def test_tested_institutions_come_first_so_that_a_place_is_an_axis():
    assert tuple(Institution)[: len(TESTED)] == TESTED


def test_a_word_is_read_into_its_type_or_refused_with_the_list():
    @reads(name="held")
    def held(rule: Rule, baseline: Baseline | None = None, *, every: tuple[Belief, ...] = ()):
        return rule, baseline, every

    rule, baseline, every = held("stated", "nash", every=("keep", Belief.COLLAPSE))
    assert rule is Rule.STATED
    assert baseline is Baseline.NASH
    assert every == (Belief.KEEP, Belief.COLLAPSE)
    assert all(type(item) is Belief for item in every)
    with pytest.raises(InputError) as refused:
        held("statd", "Nash")
    assert str(refused.value) == (
        "held, rule: found 'statd'; needed 'pro_rata', 'efficient' or 'stated'. Did you mean 'stated'?\n"
        "held, baseline: found 'Nash'; needed 'observed' or 'nash', or None. Did you mean 'nash'?"
    )


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("wrong", ["", "kep", 1, None, [], "x" * 500, Choice])
def test_a_type_refuses_what_is_none_of_its_words(kind, wrong):
    with pytest.raises(InputError, match=f"{kind.__name__}: found .*; needed '{next(iter(kind))}'"):
        kind(wrong)


def test_an_institution_without_a_margin_is_refused_where_one_is_asked():
    from potline.choices import Tested

    @reads(name="held")
    def margin(institution: Tested):
        return institution

    assert margin("unanimity") is Institution.UNANIMITY
    with pytest.raises(InputError, match="found 'mandated'; needed 'voluntary', 'transfers' or 'unanimity'"):
        margin("mandated")


def test_a_noun_holds_the_type_whatever_was_written():
    meeting = potline.Meeting(date="", firms=("A",), owners=("A",), least_cut_kt=1.0, rule="efficient")
    assert meeting.rule is Rule.EFFICIENT
    assert "rule='efficient'" in repr(meeting)
