"""The certificate of an attribution: contributions from the margins by another formula, and some margins held again."""

from __future__ import annotations

__all__ = ["NAMES", "SUMS", "cleared_without", "meeting_without", "shares_of", "verify_attribution"]

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.coalitions import BELIEFS
from potline.agreement.checks.facts import Facts, read, still
from potline.agreement.checks.market import rise_at
from potline.agreement.checks.points import BOUND, MARGIN, at_draw, check_point, drawn, rare_places
from potline.cases import Case
from potline.choices import Belief, Rule
from potline.compiled import compile_industry
from potline.industry import IsoelasticDemand
from potline.shutdown import Terms, priced_at, terms_of

if TYPE_CHECKING:
    from potline.agreement.verdict.obstacles import Attribution

Floats = NDArray[np.float64]

SUMS, QUESTION, MARKET = "contributions", "question", "market cleared again"
NAMES = (
    "free riding", "switching cost", "waiting value", "support per tonne", "lump sums", "pressure", "import ceiling",
    "input relief",
)  # fmt: skip
_PARTICIPATION = 3
_RARE = 6
_HALVINGS = 100
_LEAST = 1e-9  # of the quantity: always bought
_TOLD = (
    (QUESTION, 0.0, "differences", "names and sizes"),
    (SUMS, 1e-9, "of revenue", "Shapley values again, by what each set of obstacles adds beyond its parts"),
    (MARGIN, 1e-9, "of revenue", "the groups that decide with none, all and some of the obstacles removed"),
    (BOUND, 1e-9, "of revenue", "most by which another group does better there"),
    (MARKET, 1e-9, "relative", "supply at the offers against demand"),
)


def verify_attribution(result: Attribution) -> Certificate:
    """Check contributions, spreads and the margins they join; some margins are held again from the case."""
    gaps, case, rule = Gaps(), result.case, result.rule
    gaps.equal(QUESTION, result.leaving in BELIEFS, True)
    if result.leaving not in BELIEFS:
        return gathered(gaps, "obstacles", _TOLD)
    facts = read(case, rule=rule)
    gaps.equal(QUESTION, tuple(item.name for item in result.obstacles), NAMES)
    gaps.equal(QUESTION, (result.held_margins.shape, result.cleared_margins.shape), ((256,), (256,)))
    held, cleared = result.held_margins, result.cleared_margins
    largest = np.abs(np.concatenate([held, cleared]))
    money = max(facts.scale_m, float(largest[np.isfinite(largest)].max(initial=0.0)))
    held_mask, cleared_mask = (gaps.whole(QUESTION, mask) for mask in (result.held_mask, result.cleared_mask))
    parts = np.array([(item.held_m_per_year, item.cleared_m_per_year) for item in result.obstacles])
    for column, margins in enumerate((held, cleared)):
        gaps.same(SUMS, parts[:, column], shares_of(margins), money)
    ends = (
        result.margin_m_per_year, result.freed_m_per_year, result.cleared_margin_m_per_year,
        result.cleared_freed_m_per_year,
    )  # fmt: skip
    gaps.same(SUMS, ends, [held[0], held[-1], cleared[0], cleared[-1]], money)
    gaps_said = max(
        abs(math.fsum(parts[:, k]) - (m[-1] - m[0])) if np.isfinite(m).all() else math.nan
        for k, m in enumerate((held, cleared))
    )
    gaps.same(SUMS, result.largest_gap_m_per_year, gaps_said, money)
    gaps.equal(QUESTION, result.enough, _enough(held))
    _spread(gaps, case, result, rule, money)
    rng = np.random.default_rng(len(case.name))
    some = (0, 127, int(rng.integers(1, 127)))
    for subset in dict.fromkeys((*some, *(place // 2 for place in rare_places(held_mask, _RARE)))):
        here = meeting_without(case, rule, subset)
        _both_tests(gaps, here, held, held_mask, subset, result.leaving)
    for subset in dict.fromkeys((*some, *(place // 2 for place in rare_places(cleared_mask, _RARE)))):
        there, price = cleared_without(case, rule, subset)
        _both_tests(gaps, there, cleared, cleared_mask, subset, result.leaving)
        if subset == 0:
            gaps.same(MARKET, result.cleared_price_per_t, price, facts.price)
    return gathered(gaps, "obstacles", _TOLD)


def shares_of(margins: Floats) -> Floats:
    """Return the Shapley values of the players of a game from the dividends of its coalitions."""
    dividends = np.array(margins, dtype=np.float64)
    count = dividends.size.bit_length() - 1
    for k in range(count):
        pairs = dividends.reshape(-1, 2, 1 << k)
        pairs[:, 1] -= pairs[:, 0]
    sets = np.arange(dividends.size)
    each = dividends[1:] / np.bitwise_count(sets[1:])
    return np.array([each[(sets[1:] >> k & 1) == 1].sum() for k in range(count)])


def _enough(margins: Floats) -> tuple[str, ...]:
    """Return the fewest obstacles whose removal makes an agreement, of those the set with the largest margin."""
    if margins[0] >= 0.0:
        return ()
    works = [(int(s).bit_count(), -float(margins[s]), s) for s in range(margins.size) if margins[s] >= 0.0]
    best = min(works)[2] if works else 0
    return tuple(name for k, name in enumerate(NAMES) if best >> k & 1)


def _spread(gaps: Gaps, case: Case, result: Attribution, rule: Rule, money: float) -> None:
    low = np.array([item.held_low_m_per_year for item in result.obstacles])
    high = np.array([item.held_high_m_per_year for item in result.obstacles])
    rows = result.by_draw_m_per_year
    gaps.equal(QUESTION, (rows.shape[0], rows.shape[1:]), (result.draws, (8,)))
    gaps.equal(QUESTION, (result.ends_m_per_year.shape, result.ends_mask.shape), ((rows.shape[0], 2),) * 2)
    if result.draws == 0 or rows.shape != (result.draws, 8) or result.ends_m_per_year.shape != (rows.shape[0], 2):
        gaps.same(SUMS, np.concatenate([low, high]), np.full(16, math.nan))
        return
    for said, level in ((low, 0.05), (high, 0.95)):
        ordered = np.sort(rows, axis=0)
        at = level * (result.draws - 1)
        k = min(int(at), result.draws - 2)
        gaps.same(SUMS, said, ordered[k] + (at - k) * (ordered[k + 1] - ordered[k]), money)
    found = drawn(gaps, QUESTION, case, result.draws, result.seed)
    if found is None:
        return
    values, error = found
    gaps.same(SUMS, rows.sum(axis=1), result.ends_m_per_year[:, 1] - result.ends_m_per_year[:, 0], money)
    row = int(np.argmin(np.abs(rows.sum(axis=1))))
    there = at_draw(case, values[row], error[row])
    masks = gaps.whole(QUESTION, result.ends_mask)
    for subset, test in ((0, 0), (127, _PARTICIPATION)):
        facts = meeting_without(there, rule, subset)
        mask = int(masks[row, 0 if subset == 0 else 1])
        margin = float(result.ends_m_per_year[row, 0 if subset == 0 else 1])
        check_point(gaps, facts, None, np.array([[margin]]), np.array([[mask]]), (result.leaving,), (test,))


def _both_tests(
    gaps: Gaps, facts: Facts, margins: Floats, masks: NDArray[np.int64], subset: int, leaving: Belief
) -> None:
    """Check the margins with and without free riding of one set of the other seven obstacles."""
    two = slice(2 * subset, 2 * subset + 2)
    check_point(gaps, facts, None, margins[two][None, :], masks[two][None, :], (leaving,), (0, _PARTICIPATION))


def _removal(subset: int) -> Callable[[Terms], Terms]:
    gone = [bool(subset >> k & 1) for k in range(5)]

    def change(terms: Terms) -> Terms:
        terms = still(terms) if gone[1] else terms
        none = np.zeros_like(terms.support)
        return dataclasses.replace(
            terms,
            stop_cost=none if gone[0] else terms.stop_cost,
            holding_cost=none if gone[0] else terms.holding_cost,
            restart_cost=none if gone[0] else terms.restart_cost,
            exit_cost=np.full_like(none, np.inf) if gone[0] else terms.exit_cost,
            support=none if gone[2] else terms.support,
            lump_sum=none if gone[3] else terms.lump_sum,
            pressure=none if gone[4] else terms.pressure,
        )

    return change


def meeting_without(case: Case, rule: Rule, subset: int) -> Facts:
    """Return the meeting with some of the seven obstacles beside free riding removed, the market as it is."""
    lift = math.inf if subset >> 5 & 1 else 0.0
    return read(case, rule=rule, terms=_removal(subset), ceiling_lift=lift, relieved=not subset >> 6 & 1)


def cleared_without(case: Case, rule: Rule, subset: int) -> tuple[Facts, float]:
    """Return the same with the market without a deal cleared again, and its price."""
    industry, meeting = case.industry, case.meeting
    assert meeting is not None
    terms = _removal(subset)(terms_of(compile_industry(industry), np.array([meeting.term_years])))
    options = priced_at(terms, np.array([industry.price_per_t]))
    running = np.array([plant.running_kt for plant in industry.plants])
    idle = np.array(industry.restartable_kt)
    offers = np.concatenate([options.stop_price[0], options.restart_price[0]])
    sizes = np.concatenate([running, idle])
    lift = math.inf if subset >> 5 & 1 else 0.0
    market = _Market(case, read(case, ceiling_lift=lift))
    price = _price(market, offers, sizes)
    alike = np.abs(offers - price) <= 1e-10 * max(price, industry.price_per_t)
    taken = np.where((offers < price) & ~alike, sizes, 0.0)
    left = max(market.wanted(price) - float(taken.sum()), 0.0)
    at_price = np.where(alike, sizes, 0.0)  # as far as demand needs, in shares of size
    taken += at_price * min(left / (float(at_price.sum()) or 1.0), 1.0)
    runs = taken[: running.size] + taken[running.size :]
    return (
        read(
            case, rule=rule, terms=_removal(subset), ceiling_lift=lift, price=price, running=runs,
            relieved=not subset >> 6 & 1,
        ),
        price,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Market:
    """Demand less imports, without a deal."""

    case: Case
    today: Facts

    @property
    def rises(self) -> bool:
        """Whether imports do more than cap the price."""
        return math.isfinite(self.today.imports) or self.today.spread > 0.0

    def wanted(self, price: float) -> float:
        """Return what is bought at a price of what is made at home, imports at a flat ceiling aside."""
        demand, today = self.case.industry.demand, self.today
        if self.rises and price > today.price:
            low, high = 0.0, today.quantity
            if float(rise_at(today, np.array([high]))[0]) < price - today.price:
                return _LEAST * today.quantity
            for _ in range(_HALVINGS):
                middle = 0.5 * (low + high)
                enough = float(rise_at(today, np.array([middle]))[0]) >= price - today.price
                low, high = (low, middle) if enough else (middle, high)
            return max(today.quantity - high, _LEAST * today.quantity)
        if isinstance(demand, IsoelasticDemand):
            return demand.quantity_kt * (max(price, 1e-9) / demand.price_per_t) ** -demand.elasticity
        slope = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
        return max(demand.quantity_kt - (max(price, 1e-9) - demand.price_per_t) / slope, _LEAST * demand.quantity_kt)

    def scarce(self, made: float) -> float:
        """Return the price at which just what is made is bought."""
        demand, today = self.case.industry.demand, self.today
        if self.rises and made < today.quantity:
            return today.price + float(rise_at(today, np.array([today.quantity - made]))[0])
        if isinstance(demand, IsoelasticDemand):
            share = max(made, _LEAST * demand.quantity_kt) / demand.quantity_kt
            return self.capped(demand.price_per_t * share ** (-1.0 / demand.elasticity))
        slope = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
        return self.capped(demand.price_per_t + slope * (demand.quantity_kt - made))

    def capped(self, price: float) -> float:
        """Return a price, at most import parity where that is a flat ceiling."""
        return price if self.rises else min(price, self.today.ceiling)


def _price(market: _Market, offers: Floats, sizes: Floats) -> float:
    """Return the lowest price at which offers meet demand."""
    for offer in np.unique(offers).tolist():
        before, after = float(sizes[offers < offer].sum()), float(sizes[offers <= offer].sum())
        if before >= market.wanted(offer):
            return market.scarce(before)
        if after >= market.wanted(offer):
            return market.capped(offer)
    return market.scarce(float(sizes.sum()))
