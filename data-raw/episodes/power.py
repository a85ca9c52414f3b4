"""Power prices at a date: those of 2013 moved by tariffs (grid) or by coal (own stations).

A smelter with own stations that buys coal spends 6.5 (6 to 7) times the change of a tonne of coal on a tonne of metal
(S36). Coal is the Australian price times the exchange rate, the last whole month before the meeting against March 2013.
Stations on their own coal do not move (SMM160712); their range reaches to the full change.
"""

from __future__ import annotations

__all__ = ["MINE_MOUTH", "captive_change", "captive_text", "grid_text"]

from episodes.dates import Date
from flagship.assumptions import POWER_HALF_WIDTH
from flagship.process import cny_per_usd, coal_usd
from flagship.tables import between
from potline.sources import Interval

MINE_MOUTH = ("Xinjiang", "Gansu", "Inner Mongolia", "Ningxia", "Qinghai", "Shaanxi")
COAL_PER_T = Interval(central=6.5, low=6.0, high=7.0)
KWH_PER_T = 13_600.0
BASE = "2013-03"


def captive_change(date: Date) -> Interval:
    """Return what coal did to a kWh of smelters that buy it, CNY with tax."""
    coal, rate = coal_usd(), cny_per_usd()
    change = coal[date.last] * rate[date.last] - coal[BASE] * rate[BASE]
    low, high = sorted((COAL_PER_T.low * change, COAL_PER_T.high * change))
    return Interval(central=COAL_PER_T.central * change / KWH_PER_T, low=low / KWH_PER_T, high=high / KWH_PER_T)


def captive_text(price: float, province: str, confidence: str, date: Date) -> str:
    """Return the price of own power with its range."""
    width, change = POWER_HALF_WIDTH[confidence], captive_change(date)
    if province in MINE_MOUTH:
        return between(price, price - width + min(0.0, change.low), price + width + max(0.0, change.high))
    return between(price + change.central, price - width + change.low, price + width + change.high)


def grid_text(price: float, confidence: str) -> str:
    """Return a grid price with its range."""
    width = POWER_HALF_WIDTH[confidence]
    return between(price, price - width, price + width)
