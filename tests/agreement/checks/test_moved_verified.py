"""Certificates of maps, tornadoes, turning points and indices: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot

LEAST = pot.InputRange(input="meeting.least_cut_kt", low=20.0, high=420.0)
ELASTICITY = pot.InputRange(input="demand.elasticity", low=0.3, high=0.9)
SPLIT = "what fills the headroom may be split otherwise: nobody wants another cut there either"
ROUNDING = "the margin where it crosses 0 is 0 but for rounding, and a part of that no more"


def asked_range(path):
    """What is asked of an input: its ends; where the case stands and what tax values hold is answered."""
    return f"{path}.low", f"{path}.high"


def case():
    return tiny(pressure=0.0, margin=300.0)


@pytest.mark.parametrize("asked", [{}, {"baseline": "nash", "institution": "transfers", "leaving": "collapse"}])
def test_every_figure_of_a_map_is_looked_at(asked):
    found = pot.stability_map(case(), LEAST, ELASTICITY, points=(4, 2), **asked)
    assert found.boundary or asked
    asked_for = ("case", "rule", "institution", "baseline", "leaving", *asked_range("first"), *asked_range("second"))
    crossing = {"boundary[*].*m_per_year *ed by *": ROUNDING}
    right = {"base_alone_cut_kt reversed*": SPLIT} if asked else crossing
    assert_caught(spoil(found, most=2, question=asked_for), right=right)


@pytest.mark.parametrize("asked", [{}, {"baseline": "nash", "institution": "transfers", "leaving": "collapse"}])
def test_every_figure_of_a_tornado_is_looked_at(asked):
    found = pot.tornado(case(), inputs=(LEAST, ELASTICITY), points=3, **asked)
    inputs = tuple(path for k in range(2) for path in asked_range(f"rows[{k}].input"))
    asked_for = ("case", "rule", "institution", "baseline", "leaving", *inputs)
    right = {"rows[*].alone_cuts_kt[*] reversed": SPLIT, "base_alone_cut_kt reversed": SPLIT} if asked else {}
    assert_caught(spoil(found, most=3, question=asked_for), right=right)
    assert not pot.verify(dataclasses.replace(found, rows=found.rows[::-1])).holds


@pytest.mark.parametrize("least", [150.0, 40.0])
def test_every_figure_of_a_turning_point_is_looked_at(least):
    size = pot.Factor(name="least cut", path="meeting.least_cut_kt", low=5.0, central=least, high=400.0)
    there = dataclasses.replace(case(), factors=(size, *case().factors))
    for found in pot.turning_points(there):
        assert_caught(spoil(found, question=("case", "rule")))


def test_groups_of_many_draws_are_looked_at_where_they_are_rare():
    found = pot.margin_sensitivity(case(), draws=256)
    assert found.certificate.holds
    for axis in (0, 1):
        assert not pot.verify(dataclasses.replace(found, mask=np.flip(found.mask, axis).copy())).holds
    assert not pot.verify(dataclasses.replace(found, mask=np.where(found.mask == 7, 3, 7))).holds


def test_every_figure_of_the_indices_is_looked_at():
    found = pot.margin_sensitivity(case(), draws=8)
    assert_caught(spoil(found, most=2, question=("case", "rule")))
