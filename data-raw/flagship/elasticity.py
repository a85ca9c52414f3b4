"""Elasticity of demand within the term of a cut, from use and stocks, not from what prices did after cuts."""

from __future__ import annotations

__all__ = ["elasticity", "stretch"]

from flagship.assumptions import RUNNING_KT
from potline.sources import Interval

USE = Interval(central=0.15, low=0.05, high=0.25)
STOCK_KT = Interval(central=1190.0, low=1080.0, high=1300.0)
RELEASED = Interval(central=0.25, low=0.0, high=0.5)
RISE = 0.10


def stretch(stock_kt: Interval, running_kt: float) -> Interval:
    """Return ``use + released share * stocks / output / rise``, with its range."""

    def end(name: str) -> float:
        use, stock, released = (getattr(part, name) for part in (USE, stock_kt, RELEASED))
        return round(use + released * stock / running_kt / RISE, 2)

    return Interval(central=end("central"), low=end("low"), high=end("high"))


def elasticity() -> tuple[Interval, str]:
    """Return the elasticity with its range, and the reasoning in words.

    Part of the visible stocks comes out within the year when the price is 10 % higher.
    """
    note = (
        "Use of metal answers 0.05..0.25 to its price within the year (fact base E). To that comes metal from stocks: "
        "1080..1300 kt were visible in March to May 2013, and a price 10 % higher is assumed to bring none to half of "
        "it out within the year, centre a quarter: 0..0.30, centre 0.14. Restarts and imports are in the model itself. "
        "The published price changes after cuts were not used: they are in the record for comparison."
    )
    return stretch(STOCK_KT, RUNNING_KT), note
