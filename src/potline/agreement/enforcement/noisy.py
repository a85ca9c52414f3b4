"""What the best collusion under a noisy price comes to."""

from __future__ import annotations

__all__ = ["NoisyCollusion"]

from dataclasses import dataclass, field

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.enforcement.strategies import GreenPorter
from potline.industry import Industry
from potline.showing import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisyCollusion(Shown):
    """The best collusion that equal owners can sustain when only a noisy price is seen.

    Attributes:
        industry, strategy, discount_rate, period_months: the question.
        output_kt, price_per_t: of each owner, and the expected price, while they collude.
        trigger_per_t: observed price below which a spell starts.
        length_periods: of a spell, not rounded; inf for ever.
        false_alarm: chance of a spell a period.
        value_m_per_year: average payoff of one owner, spells included.
        collusive_m_per_year, apart_m_per_year: in the deal, and without one.
        largest_gain_m_per_year: what the best of all deviations would still bring, tried at every output and polished.
        certificate: what separate code found.
    """

    industry: Industry = field(repr=False)
    strategy: GreenPorter
    discount_rate: float
    period_months: float
    output_kt: float
    price_per_t: float
    trigger_per_t: float
    length_periods: float
    false_alarm: float
    value_m_per_year: float
    collusive_m_per_year: float
    apart_m_per_year: float
    largest_gain_m_per_year: float
    certificate: Certificate = NOTHING
