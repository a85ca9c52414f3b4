"""The text of case.toml."""

from __future__ import annotations

__all__ = ["case_text", "columns", "noise_block"]

from episodes.outcomes import outcome_blocks
from flagship.assumptions import DEFAULTS, PRICE, RUNNING_KT, VAT
from flagship.chain import SERIES, other_use
from flagship.elasticity import elasticity
from flagship.factors import FACTORS, noise
from flagship.process import Estimate
from flagship.tables import between, number
from flagship.toml import Number, block, factor, fields, number_block, text

DESCRIPTION = (
    "China's aluminium smelters in April 2013, when the largest met in Beijing on 10 April to agree a joint cut and "
    "did not. 65 plants, 27.7 million t a year, of which 21.71 million ran in February. Output statistics are those "
    "known in April 2013 (20.27 million t in 2012; 20.66 and 23.53 are later vintages). Plant data are a "
    "reconstruction from public pages: read every number as a range."
)
ATTENDEES = ("Chalco", "Jiaozuo Wanfang", "Zhongfu", "Shenhuo", "Nanshan", "Yunnan Aluminium", "Xinfa", "CPI")


def case_text(law: Estimate) -> str:
    """Return case.toml for an estimated law of the price."""
    parts = [_head(), *(number_block("numbers", item) for item in _numbers(law))]
    parts += [
        block(f"defaults.plants.{item.column}", fields(item, ("value", "unit", "vat", "source", "standing", "note")))
        for item in DEFAULTS
    ]
    parts += [block(f"columns.{name}", given) for name, given in columns()]
    parts += [factor(given) for given in FACTORS]
    parts += [noise_block(), *_meeting(), *outcome_blocks("china-aluminium-2013")]
    parts += [
        block(f"series.{name}", fields(about, ("unit", "vat", "source", "standing", "note")))
        for name, about in SERIES.items()
    ]
    return "\n".join(parts)


def _head() -> str:
    return (
        "# Built by data-raw/build_china_aluminium_2013.py: change that, not this file.\n"
        "[case]\nschema = 2\n"
        'name = "china-aluminium-2013"\ntitle = "China, primary aluminium, April 2013"\ndate = "2013-04"\n'
        f'currency = "CNY"\nproduct = "aluminium"\nvat_rate = {VAT}\nown_inputs = "at_market"\ndemand = "linear"\n'
        f'description = {text(DESCRIPTION)}\n\n[input_market]\nproduct = "alumina"\n'
    )


def _numbers(law: Estimate) -> list[Number]:
    stretch, why = elasticity()
    use = other_use()
    return [
        Number("price_cny_per_t", number(PRICE), "CNY/t", "included", "shfe", "reported",
               "Mean of April 2013 at the Shanghai exchange; March 14754, close on 10 April 14670."),
        Number("discount_rate", "0.1 in 0.08..0.12", "a year", "none", "own", "assumed",
               "Cost of money to the owner of a smelter; nobody published it."),
        Number("demand.quantity_kt", number(RUNNING_KT), "kt/year", "none", "S4", "derived",
               "Running capacity of February 2013; net imports were small beside it (45.5 kt in half a year)."),
        Number("demand.elasticity", between(stretch.central, stretch.low, stretch.high, 2), "1", "none", "facts;S5",
               "assumed", why),
        Number("trade.parity.fob_usd_per_t", "1878 in 1876..1880", "USD/t", "none", "S46;S13", "reported",
               "LME three months: 1880 on about 10 April, 1876 on 15 April."),
        Number("trade.parity.freight_usd_per_t", "160 in 120..200", "USD/t", "none", "facts", "assumed",
               "Premium and freight of ingots; middle of the range. It decides how far the price can rise."),
        Number("trade.parity.exchange_rate", "6.2 in 6.19..6.25", "CNY/USD", "none", "fed;facts", "reported",
               "H.10 means: March 6.2154, April 6.1861; spot about 6.19, official midpoint about 6.25."),
        Number("trade.parity.duty_share", "0", "share", "none", "facts", "reported", "No duty since August 2007."),
        Number("trade.parity.port_charges_cny_per_t", "100", "CNY/t", "none", "facts", "assumed",
               "Added to the price with tax."),
        Number("process.volatility", between(law.volatility, law.volatility_low, law.volatility_high), "a year",
               "none", "worldbank;fed", "derived",
               f"Standard deviation of {law.months} monthly log changes of LME times FX, 2000-01 to 2013-03, times the "
               "root of 12. Low: two standard errors less. High: times the root of 1.5, because changes of monthly "
               "means understate those of daily prices by that much (Working 1960)."),
        Number("process.drift", "0", "a year", "none", "worldbank;fed", "assumed",
               f"The estimate is {number(law.drift, 3)} a year with a standard error of {number(law.drift_error, 3)}: "
               "not distinguishable from 0."),
        Number("process.kappa", f"0 in 0..{number(law.kappa + law.kappa_error, 2)}", "a year", "none",
               "worldbank;fed", "derived",
               f"Estimate {number(law.kappa, 3)}, standard error {number(law.kappa_error, 3)}, t "
               f"{number(law.t_statistic, 2)}: a unit root is not rejected (5 % point -2.88), so the headline is 0. "
               "The upper end is the estimate plus one standard error."),
        Number("process.mean_price_cny_per_t", number(law.mean_price, 0), "CNY/t", "excluded", "worldbank;fed",
               "derived", "Level of LME times FX that the estimated reversion returns to; unused while kappa is 0."),
        Number("input_market.price_cny_per_t", "2550 in 2500..2600", "CNY/t", "included", "article", "reported",
               "Shandong in April; 2500..2600 in March.",
               "prices falling to as low as 2,550 yuan per ton"),
        Number("input_market.other_use_kt", between(use.central, use.low, use.high, 0), "kt/year", "none",
               "S4;S9;S46;comtrade", "derived",
               "What January and February 2013 leave: output and imports less exports and 1.93 t per t of metal, at "
               "annual rate. Upper end: what 2012 leaves, metal missing from the statistic included. Lower: half."),
        Number("input_market.parity.fob_usd_per_t", "335 in 322..352", "USD/t", "none", "facts;S46", "reported",
               "March cargoes, approximate; 352 early in February, 322 on 12 April."),
        Number("input_market.parity.freight_usd_per_t", "23 in 22..24", "USD/t", "none", "facts", "reported"),
        Number("input_market.parity.exchange_rate", "6.2154 in 6.19..6.25", "CNY/USD", "none", "fed;facts", "reported",
               "H.10 mean of March 2013; the range holds spot and official midpoint."),
        Number("input_market.parity.duty_share", "0", "share", "none", "facts", "assumed",
               "No duty since 2008, from general knowledge."),
        Number("input_market.parity.port_charges_cny_per_t", "77.5 in 75..80", "CNY/t", "none", "facts", "derived",
               "From published parities; up to about 130 with finance."),
    ]  # fmt: skip


def columns() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what holds for the columns of the tables."""
    power = "Reconstruction; half-width 0.01 where confidence is high, 0.02 medium, 0.04 low. 0.03 (grid) and 0.015 "
    power += "(captive) had been added to bracket published cost spreads."
    table = [
        ("plants.capacity_kt", "kt/year", "none", "recon", "assumed", "Reconstruction; see confidence."),
        ("plants.running_kt", "kt/year", "none", "", "", ""),
        ("plants.commissioning_kt", "kt/year", "none", "", "", ""),
        ("plants.power_price_cny_per_kwh", "CNY/kWh", "included", "recon", "assumed", power),
        ("plants.power_use_kwh_per_t", "kWh/t", "none", "recon", "assumed",
         "Reconstruction, 100 either way; its mean lies below the 13844 of the statistic (S29), see the factor."),
        ("plants.alumina_price_cny_per_t", "CNY/t", "included", "article;facts;own", "assumed",
         "North 2550 in 2500..2600 (article), south 2400 in 2390..2490 (fact base), and delivery by province, assumed; "
         "to Xinjiang 630..730 (S43)."),
        ("plants.alumina_self_supply_share", "share", "none", "recon", "assumed", "Reconstruction."),
        ("plants.alumina_own_cost_cny_per_t", "CNY/t", "included", "facts;own", "assumed",
         "Refinery cash cost of the province the owner supplies from, and the same delivery."),
        ("plants.freight_cny_per_t", "CNY/t", "included", "facts;own", "assumed",
         "Fact base for Xinjiang, Qinghai, Gansu, Inner Mongolia and Yunnan; other provinces assumed by distance."),
        ("governments.jobs_per_kt", "jobs per kt/year", "none", "S59", "assumed",
         "3000 staff for 150 kt at Pingguo in 2009: one case, an old smelter; newer ones need fewer."),
        ("governments.tax_cny_per_t", "CNY/t", "none", "derived", "assumed",
         "25 % of 17 % of value added: the part of value-added tax that stayed with provinces, from general "
         "knowledge."),
        ("governments.value_added_cny_per_t", "CNY/t", "none", "derived", "assumed",
         "Price less materials and freight, with (low) or without (high) bought power taken off, never below 0; "
         "middle."),
        ("suppliers.capacity_kt", "kt/year", "none", "S9;S18;facts", "assumed",
         "60 million t in all; Guizhou 3400 as reported; the rest by shares of output in 2012-13."),
        ("suppliers.cash_cost_cny_per_t", "CNY/t", "included", "facts;own", "assumed",
         "Low confidence. A province's range is read as the spread between its refineries and cut into equal steps; "
         "delivery to smelters assumed and added."),
        ("suppliers.delivery_cny_per_t", "CNY/t", "included", "own", "assumed",
         "What of the cash cost is delivery to smelters; the chain puts freight by route in its place."),
        ("suppliers.ore_use_t_per_t", "t/t", "none", "own;comtrade", "assumed",
         "Low confidence; 39.5 million t of ore imported in 2012 fit it with Shandong's output. It splits the cash "
         "cost, and moves nothing unless ore does."),
        ("suppliers.added_kt", "kt/year", "none", "own;S9;S10", "assumed",
         "The article names Inner Mongolia and Shandong without tonnage. Capacity went from above 50 million t (end of "
         "2011) to about 60 (March 2013), about 4 million in half a year: from none of that to half of it in each, "
         "at the cost of the province's cheapest refinery: new plants are the efficient ones, assumed."),
        ("ore.cif_usd_per_t", "USD/t", "none", "", "", ""),
        ("ore.cost_cny_per_t", "CNY/t", "excluded", "", "", ""),
        ("ore.capacity_kt", "kt/year", "none", "", "", ""),
        ("chain_routes.freight_cny_per_t", "CNY/t", "included", "", "",
         "Loading and unloading 20..60 (assumed) and a rate a km that gives 630..730 from Guangxi to Xinjiang (S43, of "
         "2019); km by rail between the places named in data-raw/compiled/rail.csv, from general knowledge."),
        ("chain_routes.lag_months", "months", "none", "", "", ""),
        ("projects.capacity_kt", "kt/year", "none", "S17", "reported", ""),
        ("policies.price_cny_per_t", "CNY/t", "included", "", "", ""),
    ]  # fmt: skip
    names = ("unit", "vat", "source", "standing", "note")
    return [(name, list(zip(names, rest, strict=True))) for name, *rest in table]


def noise_block() -> str:
    """Return the errors of the plants' costs."""
    common, plant = noise()
    words = ", ".join(f"{level} = {value:.0f}" for level, value in plant.items())
    note = (
        "Standard deviations, each range read as uniform (half-width over the root of 3), without tax. Plant: power "
        "price by confidence, power use, delivery of alumina 50 per t, freight 50. Common: anode price and use, "
        "fluoride, other cash cost; grid and captive power and alumina have factors of their own."
    )
    return (
        f'[noise]\ncommon_cny_per_t = {common:.0f}\nplant_cny_per_t = {{ {words} }}\nsource = "derived"\n'
        f'standing = "assumed"\nnote = {text(note)}\n'
    )


def _meeting() -> list[str]:
    firms = ", ".join(text(firm) for firm in ATTENDEES)
    return [
        f'[meeting]\ndate = "2013-04-10"\nplace = "Beijing"\nfirms = [{firms}]\nrule = "pro_rata"\n'
        'sweep_kt = [250, 500, 750, 1000, 1250, 1500]\nsource = "article"\nstanding = "reported"\n'
        'note = "Those the article names; its list is not complete."\n',
        number_block("meeting", Number("term_years", "1 in 0.5..2", "years", "none", "own", "assumed",
                                  "No proposal was published; a year, from half a year to two.")),
        number_block("meeting", Number("least_cut_kt", "1000", "kt/year", "none", "own", "assumed",
                                  "No proposal was published; 1 million t a year is about 4.6 % of what ran. Swept.")),
    ]  # fmt: skip
