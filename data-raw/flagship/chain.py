"""Alumina and the series: refineries as steps, use outside smelting, imports and prices month by month."""

from __future__ import annotations

__all__ = ["SERIES", "build_series", "build_suppliers", "other_use"]

from calendar import isleap, monthrange
from dataclasses import dataclass

from flagship.process import FIRST, LAST
from flagship.tables import between, number, plus, read
from potline.sources import Interval, parse_interval

CAPACITY_KT = 60_000.0
DAYS = 365.0 / 59.0


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What holds for a whole series."""

    unit: str
    vat: str
    source: str
    standing: str
    note: str


SERIES = {
    "lme_aluminium_usd_per_t": About(
        unit="USD/t", vat="none", source="worldbank", standing="reported", note="Monthly mean, to March 2013."
    ),
    "cny_per_usd": About(
        unit="CNY/USD",
        vat="none",
        source="fed",
        standing="reported",
        note="Monthly mean, to June 2013 for alumina; the law of the price uses it to March 2013.",
    ),
    "shfe_aluminium_cny_per_t": About(
        unit="CNY/t", vat="included", source="shfe;facts", standing="reported", note="Monthly means; January about."
    ),
    "alumina_fob_usd_per_t": About(
        unit="USD/t",
        vat="none",
        source="S46;S67;F-2011-06-07;facts",
        standing="reported",
        note="FOB Australia, only months in which one was published; score imports on these only.",
    ),
    "alumina_fob_derived_usd_per_t": About(
        unit="USD/t",
        vat="none",
        source="derived",
        standing="derived",
        note="Months without a published FOB: LME of the month times a share that lies between the shares of the "
        "nearest published months, 0.01 wider either way. Not for scoring.",
    ),
    "alumina_freight_usd_per_t": About(
        unit="USD/t", vat="none", source="S67;facts", standing="reported", note="Australia to China."
    ),
    "alumina_imports_kt_per_month": About(
        unit="kt/month",
        vat="none",
        source="S9;S10;S46;S67;S72;S74;F-2011-06-07",
        standing="reported",
        note="Customs. Rows marked derived are differences of published sums, or an equal part of a sum over months, "
        "then with 40 % either way. Months not known are absent.",
    ),
    "aluminium_output_kt_per_year": About(
        unit="kt/year",
        vat="none",
        source="facts;S4",
        standing="derived",
        note="Published output of a month, or of January and February 2013 together, times the days of the year over "
        "its own.",
    ),
    "alumina_capacity_kt_per_year": About(
        unit="kt/year",
        vat="none",
        source="S9;S10",
        standing="reported",
        note="Above 50 million t in 2011, about 60 in 2013; placed at the end of 2011 and in March 2013.",
    ),
    "alumina_port_cny_per_t": About(
        unit="CNY/t", vat="included", source="article;S46;S6", standing="reported", note="Imported alumina at port."
    ),
    "alumina_domestic_cny_per_t": About(
        unit="CNY/t", vat="included", source="article;S6;F-2011-06-07", standing="reported", note="Domestic alumina."
    ),
}


def build_suppliers() -> list[dict[str, object]]:
    """Return suppliers.csv: each province's cost range cut into equal steps, as the spread between its refineries."""
    table = read("compiled/refineries.csv")
    stated = sum(float(row["capacity_kt"]) for row in table if row["capacity_kt"])
    shares = {row["province"]: parse_interval(row["output_share"]).central for row in table if row["output_share"]}
    rows: list[dict[str, object]] = []
    for row in table:
        share = shares.get(row["province"], 0.0) / sum(shares.values())
        capacity = float(row["capacity_kt"] or 0.0) or (CAPACITY_KT - stated) * share
        cost, delivery = parse_interval(row["cash_cost_cny_per_t"]), parse_interval(row["delivery_cny_per_t"])
        steps = int(row["steps"])
        width = (cost.high - cost.low) / steps
        for step in range(steps):
            low = cost.low + step * width
            whole = plus(Interval(central=low + width / 2.0, low=low, high=low + width), delivery)
            rows.append(
                {
                    "supplier": row["province"] + (f" {step + 1}" if steps > 1 else ""),
                    "province": row["province"],
                    "capacity_kt": number(capacity / steps, 1),
                    "cash_cost_cny_per_t": between(whole.central, whole.low, whole.high, 1),
                    "ore": row["bauxite"],
                    "delivery_cny_per_t": between(delivery.central, delivery.low, delivery.high, 1),
                    "ore_use_t_per_t": row["bauxite_use_t_per_t"] or "0",
                    "added_kt": (row["added_kt"] if step == 0 else "") or "0",
                    "note": row["note"],
                }
            )
    return rows


def other_use() -> Interval:
    """Return alumina used outside the plants, kt/year: what January and February 2013 leave, to what 2012 leaves.

    January and February 2013: 6,800 made and 839.7 imported, less exports (two twelfths of the year's) and 1.93 t per
    t of 3,510 kt of metal, times 365 / 59. 2012: 42,500 and 5,018.7 less 167.7 and 1.93 times 20,270; that holds metal
    not counted by the statistic. Low end: half of the first.
    """
    trade = {(row["year"], row["flow"]): float(row["kt"]) for row in read("published/china_alumina_trade_annual.csv")}
    months = (6_800.0 + 839.7 - trade["2013", "export"] / 6.0 - 1.93 * 3_510.0) * DAYS
    year = 42_500.0 + trade["2012", "import"] - trade["2012", "export"] - 1.93 * 20_270.0
    return Interval(central=months, low=months / 2.0, high=year)


def build_series() -> list[dict[str, object]]:
    """Return the rows of series.csv."""
    metal = {row["month"]: float(row["aluminium_usd_t"]) for row in read("published/aluminium_monthly_worldbank.csv")}
    fx = {row["month"]: row["cny_per_usd"] for row in read("published/fx_cny_per_usd_monthly.csv")}
    rows = [
        _entry("lme_aluminium_usd_per_t", month, number(price), "")
        for month, price in metal.items()
        if FIRST <= month <= LAST
    ]
    rows += [_entry("cny_per_usd", month, rate, "") for month, rate in fx.items()]
    observed = read("compiled/observations.csv")
    for name in SERIES:
        rows += _metal_output() if name == "aluminium_output_kt_per_year" else _observed(name, observed)
        if name == "alumina_fob_usd_per_t":
            rows += _derived_fob(metal, observed)
    return rows


def _metal_output() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for fact in read("published/china_aluminium_facts.csv"):
        first, _, more = fact["period"].partition("/")
        monthly = fact["scope"] == "China" and fact["variable"].startswith("aluminium_output") and len(first) == 7
        if not monthly or not "2011-01" <= first <= "2013-06" or more not in ("", "02"):
            continue
        months = [first] if not more else [first, f"{first[:5]}{more}"]
        days = sum(monthrange(int(month[:4]), int(month[5:]))[1] for month in months)
        year = 366.0 if isleap(int(first[:4])) else 365.0
        value = number(float(fact["value"]) * year / days, 0)
        note = f"derived: {fact['value']} kt in {fact['period']} ({fact['variable']})"
        rows += [_entry("aluminium_output_kt_per_year", month, value, note) for month in months]
    return sorted(rows, key=lambda row: str(row["month"]))


def _entry(series: str, month: str, value: str, note: str) -> dict[str, object]:
    return {"series": series, "month": month, "value": value, "note": note}


def _observed(name: str, observed: list[dict[str, str]]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in observed:
        months = row["month"].split()
        note = f"{row['note']} ({row['source']})" if row["note"] else f"({row['source']})"
        if row["series"] != name:
            continue
        if len(months) == 1:
            rows.append(_entry(name, months[0], row["value"], note))
            continue
        mean = float(row["value"]) / len(months)
        note = f"derived: an equal part of {row['value']} kt from {months[0]} to {months[-1]} ({row['source']})"
        rows += [_entry(name, month, between(mean, 0.6 * mean, 1.4 * mean, 1), note) for month in months]
    return sorted(rows, key=lambda row: str(row["month"]))


def _derived_fob(metal: dict[str, float], observed: list[dict[str, str]]) -> list[dict[str, object]]:
    known = {
        row["month"]: parse_interval(row["value"]).central / metal[row["month"]]
        for row in observed
        if row["series"] == "alumina_fob_usd_per_t"
    }
    rows: list[dict[str, object]] = []
    for month, price in metal.items():
        if not "2011-01" <= month <= "2013-06" or month in known:
            continue
        before = [share for other, share in known.items() if other < month][-1:]
        after = [share for other, share in known.items() if other > month][:1]
        near = before + after
        low, high = min(near) - 0.01, max(near) + 0.01
        note = "derived from LME" if before and after else "derived from LME, outside the published months"
        rows.append(
            _entry(
                "alumina_fob_derived_usd_per_t",
                month,
                between(price * (low + high) / 2.0, price * low, price * high, 1),
                note,
            )
        )
    return rows
