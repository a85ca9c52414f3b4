"""The text of case.toml of a date."""

from __future__ import annotations

__all__ = ["case_text"]

from episodes.dates import Date, numbers, setting, stocks
from episodes.factors import factors
from episodes.meetings import meeting_blocks
from episodes.outcomes import outcome_blocks
from flagship.assumptions import VAT
from flagship.case_file import columns, noise_block
from flagship.chain import other_use
from flagship.elasticity import stretch
from flagship.process import Estimate, cny_per_usd, metal_usd
from flagship.tables import between, number
from flagship.toml import Number, block, factor, fields, number_block, text

POWER_NOTE = (
    "The reconstruction of 2013 moved by tariffs (grid) or coal (own stations); half-width by confidence, "
    "and the range of the move. See docs/cases/four-meetings.md."
)
REPLACED = {
    "plants.power_price_cny_per_kwh": POWER_NOTE,
    "plants.capacity_kt": "Reconstruction of 2013 and reported changes; plants that the rule lets grow have a range.",
    "plants.alumina_price_cny_per_t": "Domestic price of the date in the north, 2400/2550 of it in the south, and "
    "delivery by province, assumed; to Xinjiang 630..730 (S43).",
    "plants.alumina_own_cost_cny_per_t": "That of 2013 times the change of the market price: not published.",
}
SERIES = {
    "lme_aluminium_usd_per_t": ("USD/t", "worldbank", "Monthly mean, to the last whole month before the meeting."),
    "cny_per_usd": ("CNY/USD", "fed", "Monthly mean, to the last whole month before the meeting."),
}


def case_text(date: Date, law: Estimate, plants: list[dict[str, object]]) -> str:
    """Return case.toml for an estimated law of the price."""
    words = ("value", "unit", "vat", "source", "standing", "note")
    parts = [_head(date), *(number_block("numbers", item) for item in (*_given(date), *_derived(date, law)))]
    parts += [block(f"defaults.plants.{item.column}", fields(item, words)) for item in setting(date).defaults]
    parts += [block(f"columns.{name}", given) for name, given in _columns(date)]
    parts += [factor(given) for given in factors(date)]
    parts += [noise_block(), *meeting_blocks(date, plants), *outcome_blocks(date.name)]
    for name, (unit, source, note) in SERIES.items():
        given = (("unit", unit), ("vat", "none"), ("source", source), ("standing", "reported"), ("note", note))
        parts.append(block(f"series.{name}", given))
    return "\n".join(parts)


def _head(date: Date) -> str:
    return (
        "# Built by data-raw/build_china_aluminium_episodes.py: change that, not this file.\n"
        f'[case]\nschema = 2\nname = "{date.name}"\ntitle = {text(date.title)}\ndate = "{date.month}"\n'
        f'currency = "CNY"\nproduct = "aluminium"\nvat_rate = {VAT}\nown_inputs = "at_market"\ndemand = "linear"\n'
        f"description = {text(date.description)}\n"
        + ('\n[input_market]\nproduct = "alumina"\n' if date.keeps_refineries else "")
    )


def _given(date: Date) -> list[Number]:
    return [
        Number(path, row["value"], row["unit"], row["vat"], row["source"], row["standing"], row["note"])
        for path, row in numbers(date).items()
        if path not in ("stocks_kt", "alumina.north")
    ]


def _derived(date: Date, law: Estimate) -> list[Number]:
    stock = stocks(date)
    visible = between(stock.central, stock.low, stock.high, 0)
    elasticity = stretch(stock, setting(date).running_kt)
    months = f"{law.months} monthly log changes of LME times FX, 2000-01 to {date.last}"
    found = [
        Number("discount_rate", "0.1 in 0.08..0.12", "a year", "none", "own", "assumed",
               "Cost of money to the owner of a smelter; nobody published it."),
        Number("demand.elasticity", between(elasticity.central, elasticity.low, elasticity.high, 2), "1", "none",
               "facts;own", "assumed",
               f"As in the flagship case: use answers 0.05..0.25, and of visible stocks ({visible} kt) "
               "a price 10 % higher brings none to half into the market."),
        Number("trade.parity.duty_share", "0", "share", "none", "facts", "reported", "No duty since August 2007."),
        Number("trade.parity.port_charges_cny_per_t", "100", "CNY/t", "none", "facts", "assumed",
               "Added to the price with tax."),
        Number("process.volatility", between(law.volatility, law.volatility_low, law.volatility_high), "a year",
               "none", "worldbank;fed", "derived",
               f"Standard deviation of {months}, times the root of 12; ends as in the flagship case."),
        Number("process.drift", "0", "a year", "none", "worldbank;fed", "assumed",
               f"The estimate is {number(law.drift, 3)} a year with a standard error of {number(law.drift_error, 3)}."),
        Number("process.kappa", f"0 in 0..{number(max(0.0, law.kappa + law.kappa_error), 2)}", "a year", "none",
               "worldbank;fed", "derived",
               f"Estimate {number(law.kappa, 3)}, standard error {number(law.kappa_error, 3)}, t "
               f"{number(law.t_statistic, 2)} (5 % point of a unit root -2.88); 0 as in the flagship case."),
        Number("process.mean_price_cny_per_t", number(law.mean_price, 0), "CNY/t", "excluded", "worldbank;fed",
               "derived", "Level that the estimated reversion returns to; unused while kappa is 0."),
    ]  # fmt: skip
    return found + (_alumina(date) if date.keeps_refineries else [])


def _alumina(date: Date) -> list[Number]:
    north, use = numbers(date)["alumina.north"], other_use()
    lme = metal_usd()[date.month]
    fob = between(0.175 * lme, 0.17 * lme, 0.18 * lme, 0)
    return [
        Number("input_market.price_cny_per_t", north["value"], "CNY/t", "included", north["source"], north["standing"],
               north["note"]),
        Number("input_market.other_use_kt", between(use.central, use.low, use.high, 0), "kt/year", "none",
               "S4;S9;S46;comtrade", "derived", "As in April 2013."),
        Number("input_market.parity.fob_usd_per_t", fob, "USD/t", "none", "S46;worldbank", "derived",
               "No price abroad of June was found: LME times 0.17 to 0.18, its share in April (322 of 1862)."),
        Number("input_market.parity.freight_usd_per_t", "23 in 22..24", "USD/t", "none", "facts", "reported"),
        Number("input_market.parity.exchange_rate", number(cny_per_usd()[date.month]), "CNY/USD", "none", "fed",
               "reported", "H.10 mean of June 2013."),
        Number("input_market.parity.duty_share", "0", "share", "none", "facts", "assumed", "No duty since 2008."),
        Number("input_market.parity.port_charges_cny_per_t", "77.5 in 75..80", "CNY/t", "none", "facts", "derived",
               "From published parities; up to about 130 with finance."),
    ]  # fmt: skip


def _columns(date: Date) -> list[tuple[str, list[tuple[str, str]]]]:
    tables = (
        "plants",
        "governments",
        "policies",
        *(("suppliers", "projects", "ore") if date.keeps_refineries else ()),
    )
    result: list[tuple[str, list[tuple[str, str]]]] = []
    for name, given in columns():
        if name.partition(".")[0] in tables:
            note = REPLACED.get(name, "")
            words = dict(given)
            if note:
                words["note"] = note
            if name == "plants.power_price_cny_per_kwh":
                words["source"] = "recon;own"
            if name == "plants.alumina_price_cny_per_t":
                words["source"] = numbers(date)["alumina.north"]["source"] + ";own"
            result.append((name, list(words.items())))
    return result
