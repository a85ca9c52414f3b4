"""The uncertain factors of a date: those of the flagship, with the ranges of the date."""

from __future__ import annotations

__all__ = ["factors"]

from episodes.dates import Date, setting
from flagship.factors import FACTORS
from flagship.tables import between

RANGES = {
    "china-aluminium-2013-june": {"captive power price": ("0 in -0.02..0.02", "As in April, and the change of coal.")},
    "china-aluminium-2015": {
        "grid power price": (
            "0 in -0.132..0.08",
            "Lower end: the discount of 0.15 that Yunnan's pilot gave, in place of 0.018. Upper end: the highest "
            "surcharge of the tiered tariff of 2014. How many plants had which was not found.",
        ),
        "captive power price": ("0 in -0.04..0.04", "0.015 as in April 2013, and a quarter of what coal did."),
    },
    "china-aluminium-2017": {
        "grid power price": (
            "0 in -0.102..0.08",
            "Lower end: the discount of 0.15 that Yunnan's pilot gave, in place of 0.048. Upper end: the highest "
            "surcharge of the tiered tariff of 2014. How many plants had which was not found.",
        ),
        "captive power price": ("0 in -0.03..0.03", "0.015 as in April 2013, and as much for local coal."),
    },
}
WITHOUT_RANGE = ("term of the cut",)
ONLY_2013 = ("lump sum of Jiaozuo Wanfang",)


def factors(date: Date) -> list[dict[str, str]]:
    """Return the factors of a date."""
    north = setting(date).alumina["north"]
    result: list[dict[str, str]] = []
    for item in FACTORS:
        name = item["name"]
        if name in WITHOUT_RANGE or (name in ONLY_2013 and not date.keeps_refineries):
            continue
        given = dict(item)
        if name in RANGES[date.name]:
            given["range"], given["note"] = RANGES[date.name][name]
            given["source"] = "own" if not date.keeps_refineries else given["source"]
        if name == "alumina price":
            low, high = north.low / north.central, north.high / north.central
            given["range"] = between(1.0, min(low, 0.98), max(high, 1.02), 3)
            given["source"] = "own"
            given["note"] = "The range of the northern price over its centre, 2 % either way at the least."
        result.append(given)
    return result
