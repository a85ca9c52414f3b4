"""Published sizes of profitable and stable cartels, and others of the same kinds, through the public functions."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from potline.industry import Industry, LinearDemand, Plant
from potline.textbook.cartels import CartelStability, cartel_stability

CASES: dict[str, Any] = {
    case["id"]: case
    for case in yaml.safe_load((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"))["cases"]
}


@cache
def stability(
    n: int, *, leads: bool = False, cost: float = 0.0, choke: float = 1.0, slope: float = 1.0
) -> CartelStability:
    """Solve n identical firms of constant cost and unlimited capacity."""
    plants = (Plant(name=f"{i}", firm=f"{i}", capacity_kt=math.inf, other_cost_per_t=cost) for i in range(n))
    demand = LinearDemand.from_line(intercept_per_t=choke, slope_per_kt=slope)
    return cartel_stability(Industry(name="identical", demand=demand, plants=tuple(plants)), leads=leads)


def test_ssr83_threshold() -> None:
    expected = CASES["ssr83_threshold"]["expected"]
    shares = {}
    for n in range(2, 101):
        found = stability(n)
        assert found.profitable_sizes == tuple(k for k in range(2, n + 1) if (n + 1) ** 2 >= k * (n - k + 2) ** 2)
        smallest = found.smallest_profitable_size
        assert smallest is not None
        assert smallest == expected["kmin"].get(n, smallest)
        assert smallest == math.ceil((2 * n + 3 - math.sqrt(4 * n + 5)) / 2 - 1e-9)
        shares[n] = smallest / n
    assert min(shares.values()) == expected["min_share"]
    assert min(shares, key=shares.__getitem__) == expected["argmin_n"]


def test_cournot_cartel_stability() -> None:
    for n, sizes in CASES["cournot_cartel_stability"]["expected"]["stable_sizes"].items():
        assert list(stability(n).stable_sizes) == sizes


def test_shaffer95_stackelberg_cartel() -> None:
    for n, sizes in CASES["shaffer95_stackelberg_cartel"]["expected"]["stable_sizes"].items():
        assert list(stability(n, leads=True).stable_sizes) == sizes


@pytest.mark.parametrize("n", [2, 4, 7, 30])
def test_shaffer95_profits(n: int) -> None:
    found = stability(n, leads=True)
    for row in range(1, n + 1):
        k, fringe = int(found.size[row]), n - int(found.size[row])
        assert 1000.0 * found.profit_m[row, 0] == pytest.approx(1 / (4 * k * (fringe + 1)), rel=1e-12)
        if fringe:
            assert 1000.0 * found.profit_m[row, -1] == pytest.approx(1 / (4 * (fringe + 1) ** 2), rel=1e-12)


@pytest.mark.parametrize("n", [12, 33, 99, 200])
def test_sizes_not_in_the_tables(n: int) -> None:
    """Whatever the units, sizes are those of the closed forms (weak inequalities, in exact integers)."""

    def member(k: int) -> int:
        return k * (n - k + 1)

    def outsider(k: int) -> int:
        return (n - k + 1) ** 2

    stable = [
        k
        for k in range(1, n + 1)
        if (k == 1 or member(k) <= outsider(k - 1)) and (k == n or outsider(k) <= member(k + 1))
    ]
    found = stability(n, leads=True, cost=11_731.0, choke=48_217.3, slope=1.3071)
    assert list(found.stable_sizes) == stable
    smallest = stability(n, cost=11_731.0, choke=48_217.3, slope=1.3071).smallest_profitable_size
    assert smallest == math.ceil((2 * n + 3 - math.sqrt(4 * n + 5)) / 2 - 1e-9)


def test_certificates_hold_for_all() -> None:
    for n in (2, 10, 100):
        for leads in (False, True):
            certificate = stability(n, leads=leads).certificate
            assert certificate.holds
            assert max(check.value for check in certificate.checks) < 1e-13
