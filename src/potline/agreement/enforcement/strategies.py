"""What members do about a cheat: the words of a question on enforcement. All frozen and hashable."""

from __future__ import annotations

__all__ = ["GreenPorter", "Grim", "StickAndCarrot", "Strategy"]

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from potline.errors import Problem
from potline.reading import Count, Positive, Share, Within, noun

Chance = Annotated[float, Within(low=0.0, high=1.0, missing=True)]


@dataclass(frozen=True, slots=True)
class Grim:
    """Once somebody is seen to cheat, the market without a deal for ever (Nash reversion).

    Source: Friedman (1971), Review of Economic Studies 38, pp. 1-12.

    Examples:
        >>> Grim()
        Grim()
    """


@noun
class StickAndCarrot:
    """A short, harsh punishment by everybody, the cheat included, then the deal again; shirking starts it anew.

    In an industry every owner that sells moves from its output without a deal towards its capacity by one common share,
    chosen so that the least patience is needed. With equal owners and one period this is the optimal symmetric
    punishment; with unequal ones a practical form of it. Nobody makes more than demand takes at a price of 0, so the
    stick depends on costs and not on demand less costs alone; the price of all together may fall below 0. Stakes given
    by hand use their ``stick_m``, or what they earn without a deal.

    Attributes:
        periods: how long the stick lasts.
        severity: that share, 0 to 1; the best one where None.

    Source: Abreu (1986), Journal of Economic Theory 39, pp. 191-225, theorems 15 to 18.

    Examples:
        >>> StickAndCarrot().periods
        1
    """

    periods: Count = 1
    severity: Share | None = None


@noun
class GreenPorter:
    """Nobody sees a cheat, only a noisy price: below a trigger, a spell without a deal, then the deal again.

    Give either the noise of the price, or the two chances directly; a trigger needs the noise.

    Attributes:
        noise: standard deviation of the log of the observed price in a period, 10 at most; 0 is the limit of small
            ones, in which whatever moves the price is seen.
        trigger: as a share of the price in the deal; the best one where None.
        length_periods: of a spell, ``inf`` for ever; the best one where None.
        false_alarm, detection: chance of a spell a period if nobody cheats, and if somebody does.

    Source: Green and Porter (1984), Econometrica 52, pp. 87-100; Porter (1983), Journal of Economic Theory 29,
        pp. 313-338.

    Examples:
        >>> GreenPorter(noise=0.05).length_periods is None
        True
    """

    noise: Annotated[float, Within(low=0.0, high=10.0, missing=True)] = math.nan
    trigger: Positive | None = None
    length_periods: Annotated[float, Within(above=0.0, infinite=True)] | None = None
    false_alarm: Chance = math.nan
    detection: Chance = math.nan

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where chances stand beside a noise or a trigger, of which only one would have an effect."""
        given = {
            "noise": not math.isnan(self.noise),
            "trigger": self.trigger is not None,
            "false_alarm": not math.isnan(self.false_alarm),
            "detection": not math.isnan(self.detection),
        }
        if (given["false_alarm"] or given["detection"]) and (given["noise"] or given["trigger"]):
            found = " and ".join(name for name, there in given.items() if there)
            needed = "noise, with or without a trigger, or false_alarm and detection"
            yield Problem(where="GreenPorter", found=found, needed=needed, hint="Leave one of the two out.")


Strategy = Grim | StickAndCarrot | GreenPorter
