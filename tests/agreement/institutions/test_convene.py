"""Institutions: proposals in turn and farsighted stability against published results and brute force; the rest."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from tests.agreement.tiny import tiny

from potline.agreement import compare_institutions, meeting
from potline.agreement.institutions.convene import convene
from potline.agreement.institutions.farsighted import in_turn, largest_consistent_set
from potline.agreement.institutions.outcome import (
    ConditionalStockpile,
    Farsighted,
    Mandated,
    Sequential,
    Unanimity,
    Voluntary,
    VoluntaryWithTransfers,
)
from potline.cases import Case, Meeting
from potline.errors import InputError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess


def lopsided(least: float = 150.0) -> Case:
    """Three unequal owners, one with an idle line."""
    rows = (("North", 600.0, 500.0, 9600.0), ("East", 400.0, 400.0, 11_800.0), ("South", 300.0, 300.0, 12_300.0))
    owners = tuple(row[0] for row in rows)
    industry = Industry(
        name="lopsided",
        price_per_t=12_500.0,
        process=PriceProcess(volatility=0.18),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1200.0, elasticity=0.5),
        plants=tuple(
            Plant(
                name=name, firm=name, capacity_kt=size, running_kt=runs, other_cost_per_t=cost,
                stop_cost_per_t=200.0, holding_cost_per_t=200.0, restart_cost_per_t=600.0,
            )
            for name, size, runs, cost in rows
        ),
    )  # fmt: skip
    return Case(
        name="lopsided",
        industry=industry,
        meeting=Meeting(date="", firms=owners, owners=owners, least_cut_kt=least),
    )


def cournot(n: int):
    """One cartel among n equal Cournot firms, P = 1 - Q, no cost."""

    def payoff(mask: int) -> tuple[float, ...]:
        size = max(1, mask.bit_count())
        each = (1.0 / (n - size + 2)) ** 2
        return tuple(each / size if mask >> k & 1 else each for k in range(n))

    return payoff


@pytest.mark.parametrize("n", range(3, 9))
def test_bloch_1996_the_cartel_of_equal_cournot_firms(n):
    """Bloch (1996), section 5: the last K* cut, K* the first whole number at or after (2n + 3 - sqrt(4n + 5))/2."""
    found = in_turn(n, cournot(n), tuple(range(n)))
    assert found.settled
    assert found.group.bit_count() == math.ceil((2 * n + 3 - math.sqrt(4 * n + 5)) / 2 - 1e-12)
    assert found.left == tuple(range(n - found.group.bit_count()))


def test_who_refuses_proposes_next():
    """Two groups that pay: the player in both refuses the lesser one, whoever begins."""
    worth = {0b011: (2.0, 3.0, 0.0), 0b110: (0.0, 2.0, 3.0)}

    def payoff(mask: int):
        return worth.get(mask, (0.0, 0.0, 0.0) if mask == 0 else None)

    # The middle player gets 3 by proposing the first group, so it refuses the second.
    assert [in_turn(3, payoff, order).group for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0))] == [0b011] * 3


def consistent_by_definition(payoff, moves) -> set[int]:
    """The largest consistent set as Chwe writes it, with sets and no bit arithmetic on pairs."""
    states = range(len(payoff))

    def better(who, a, b):
        return all(payoff[b][k] > payoff[a][k] for k in range(len(payoff[0])) if who >> k & 1)

    dominates = set()
    for b in states:
        known = {b}
        while True:
            more = {a for a, c, who in moves if c in known and a not in known and better(who, a, b)}
            if not more:
                break
            known |= more
        dominates |= {(a, b) for a in known if a != b}
    kept = set(states)
    while True:
        new = {
            a
            for a in kept
            if all(
                any((e == d or (d, e) in dominates) and not better(who, a, e) for e in kept)
                for s, d, who in moves
                if s == a
            )
        }
        if new == kept:
            return kept
        kept = new


@pytest.mark.parametrize("seed", range(40))
def test_the_largest_consistent_set_by_its_definition(seed):
    rng = np.random.default_rng(seed)
    states, players = int(rng.integers(2, 8)), int(rng.integers(1, 4))
    payoff = rng.integers(0, 5, (states, players)).astype(float)
    moves = [
        (a, b, int(rng.integers(1, 1 << players)))
        for a, b in itertools.permutations(range(states), 2)
        for _ in range(2)
        if rng.random() < 0.4
    ]
    found = largest_consistent_set(payoff, np.array(moves, dtype=np.int64).reshape(-1, 3))
    assert set(np.flatnonzero(found).tolist()) == consistent_by_definition(payoff, moves)


def test_all_outcomes_of_the_voting_paradox_are_kept():
    """Three voters, three outcomes, each majority may move: every outcome is consistent."""
    payoff = np.array([[3.0, 1.0, 2.0], [2.0, 3.0, 1.0], [1.0, 2.0, 3.0]])
    moves = [(a, b, pair) for a, b in itertools.permutations(range(3), 2) for pair in (0b011, 0b101, 0b110)]
    assert largest_consistent_set(payoff, np.array(moves)).all()


@pytest.mark.parametrize("baseline", ["observed", "nash"])
@pytest.mark.parametrize("leaving", ["keep", "respread", "collapse"])
def test_three_institutions_are_the_meeting_s(baseline, leaving):
    held = meeting(lopsided(), draws=0)
    for institution, name in (
        (Voluntary(), "voluntary"),
        (VoluntaryWithTransfers(), "transfers"),
        (Unanimity(), "unanimity"),
    ):
        found = convene(lopsided(), institution, baseline=baseline, leaving=leaving)
        margin = held.margin(name, baseline, "", leaving)
        assert found.institution == name
        assert found.margin_m_per_year == pytest.approx(margin.margin_m_per_year)
        assert (found.verdict, found.group) == (margin.verdict, margin.coalition)


def test_a_stockpile_of_nothing_changes_nothing_and_a_dear_one_agrees():
    plain = convene(lopsided(), Voluntary())
    empty = convene(lopsided(), ConditionalStockpile(kt_per_kt_idled=0.0, premium_per_t=500.0))
    assert empty.margin_m_per_year == pytest.approx(plain.margin_m_per_year)
    assert convene(lopsided(), ConditionalStockpile(kt_per_kt_idled=1.0, premium_per_t=9000.0)).verdict == "agreement"


def test_a_mandate_asks_nobody_and_names_who_loses():
    found = convene(lopsided(), Mandated())
    assert found.group == found.owners
    assert found.losers == tuple(
        name for name, gain in zip(found.owners, found.gain_m_per_year, strict=True) if gain < 0
    )
    assert convene(lopsided(5000.0), Mandated()).verdict == "infeasible"


def test_nobody_proposes_or_accepts_a_loss():
    for institution in (Sequential(), Sequential(order=("South", "East", "North"))):
        found = convene(lopsided(), institution)
        assert not found.losers
    assert convene(lopsided(5000.0), Farsighted()).verdict == "infeasible"
    assert set(convene(lopsided(), Farsighted()).group) <= {"North", "East", "South"}
    with pytest.raises(InputError):
        convene(lopsided(), Sequential(order=("North",)))


def test_side_by_side_is_each_institution_alone():
    case = lopsided()
    found = compare_institutions(case, leaving="collapse")
    every = (
        Voluntary(),
        VoluntaryWithTransfers(),
        Unanimity(),
        Sequential(),
        Farsighted(),
        ConditionalStockpile(kt_per_kt_idled=1.0),
        Mandated(),
    )
    assert len(found) == len(every)
    for one, institution in zip(found, every, strict=True):
        alone = convene(case, institution, leaving="collapse")
        assert (one.institution, one.leaving, one.verdict, one.group) == (
            alone.institution,
            alone.leaving,
            alone.verdict,
            alone.group,
        )
        assert one.gain_m_per_year == pytest.approx(alone.gain_m_per_year)
        assert one.cut_kt == pytest.approx(150.0) or not one.group


def test_those_that_look_ahead_are_left_out_for_many_owners():
    rows = tuple(f"owner {k}" for k in range(10))
    industry = Industry(
        name="many",
        price_per_t=10.0,
        demand=LinearDemand(price_per_t=10.0, quantity_kt=1000.0, elasticity=0.5),
        plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in rows),
    )
    case = Case(name="many", industry=industry, meeting=Meeting(date="", firms=rows, owners=rows, least_cut_kt=300.0))
    names = [one.institution for one in compare_institutions(case)]
    assert names == ["voluntary", "transfers", "unanimity", "conditional stockpile", "mandated"]


def test_nobody_proposes_twice():
    with pytest.raises(InputError) as refused:
        Sequential(order=("North", "East", "North"))
    assert str(refused.value) == (
        "Sequential: found 2 of proposer 'North'; needed one of each name. Give each its own name."
    )


@pytest.mark.parametrize("institution", [Sequential(), Farsighted()], ids=["in turn", "ahead"])
def test_payoffs_that_only_rounding_tells_apart_tie(institution):
    wide = convene(tiny(least=1.0), institution)
    found = convene(tiny(least=1e-3), institution)
    assert found.certificate.holds
    assert found.settled
    assert (found.verdict, found.groups) == (wide.verdict, wide.groups)


@pytest.mark.parametrize("institution", [Sequential(), Farsighted()], ids=["in turn", "ahead"])
@pytest.mark.parametrize("least", [1e-4, 1e-6, 1e-9, 0.0])
def test_a_cut_that_moves_nobodys_gain_is_refused_by_who_looks_ahead(institution, least):
    name = type(institution).__name__.lower()
    with pytest.raises(InputError) as refused:
        convene(tiny(least=least), institution)
    assert str(refused.value) == (
        f"meeting, least_cut_kt: found {least:g} kt, which moves nobody's gain by 0.002 m a year; "
        f"needed more for {name}: smaller gains are not told from none."
    )
    compared = [one.institution for one in compare_institutions(tiny(least=least))]
    assert compared == ["voluntary", "transfers", "unanimity", "conditional stockpile", "mandated"]
