"""The uncertain factors of the case and the errors of single plants."""

from __future__ import annotations

__all__ = ["FACTORS", "noise"]

import math

from flagship.assumptions import POWER_HALF_WIDTH, POWER_USE_HALF_WIDTH, VAT, interval


def _plants(column: str) -> str:
    return f"plant[*].{column.replace('_cny', '')}"


def _default(name: str, column: str) -> dict[str, str]:
    return {"name": name, "claim": _plants(column)}


def _claim(name: str, claim: str) -> dict[str, str]:
    return {"name": name, "claim": claim}


FACTORS: tuple[dict[str, str], ...] = (
    {
        "name": "grid power price", "path": "plant[power_source=grid].power_price_per_kwh", "operation": "add",
        "range": "0 in -0.03..0.03", "unit": "CNY/kWh", "vat": "included", "source": "facts", "standing": "assumed",
        "note": "As much as the reconstruction was shifted to bracket published cost spreads.",
    },
    {
        "name": "captive power price", "path": "plant[power_source=captive].power_price_per_kwh", "operation": "add",
        "range": "0 in -0.015..0.015", "unit": "CNY/kWh", "vat": "included", "source": "facts", "standing": "assumed",
        "note": "As much as the reconstruction was shifted to bracket published cost spreads.",
    },
    {
        "name": "power use", "path": "plant[*].power_use_kwh_per_t", "operation": "add", "range": "0 in 0..200",
        "unit": "kWh/t", "vat": "none", "source": "S29", "standing": "assumed",
        "note": "The reconstruction's mean lies about 200 below the 13844 of the statistic, which counts auxiliaries.",
    },
    {
        "name": "alumina price", "path": "plant[*].alumina_price_per_t", "operation": "multiply",
        "range": "1 in 0.98..1.02", "vat": "none", "source": "article", "standing": "assumed",
        "note": "2500..2600 about 2550.",
    },
    _default("restart cost", "restart_cost_cny_per_t"),
    _default("stop cost", "stop_cost_cny_per_t"),
    _default("holding cost", "holding_cost_cny_per_t"),
    _default("exit cost", "exit_cost_cny_per_t"),
    _default("government pressure", "pressure_cny_per_t"),
    _claim("demand elasticity", "demand.elasticity"),
    _claim("metal premium", "trade.parity.freight_usd_per_t"),
    _claim("volatility", "process.volatility"),
    _claim("discount rate", "discount_rate"),
    _claim("term of the cut", "meeting.term_years"),
    {
        "name": "lump sum of Jiaozuo Wanfang", "path": "plant[Jiaozuo].lump_sum_m_per_year", "operation": "set",
        "range": "205.44 in 154.08..205.44", "unit": "m CNY/year", "vat": "none", "source": "S3;article",
        "standing": "reported", "note": "38.52 (article) to 51.36 (actual) million a quarter, times 4.",
    },
)  # fmt: skip


def noise() -> tuple[float, dict[str, float]]:
    """Return the standard deviation that plants share and that of each confidence, CNY/t without tax."""
    use, power_price, delivery, freight = 13_600.0, 0.44, 50.0, 50.0
    anode, price = interval("anode_use_t_per_t"), interval("anode_price_cny_per_t")

    def half(column: str) -> float:
        return (interval(column).high - interval(column).low) / 2.0

    shared = (
        anode.central * half("anode_price_cny_per_t"),
        price.central * half("anode_use_t_per_t"),
        half("fluoride_price_cny_per_t"),
        half("other_cost_cny_per_t") * (1.0 + VAT),
    )
    own = {
        level: (width * use, POWER_USE_HALF_WIDTH * power_price, 1.93 * delivery, freight)
        for level, width in POWER_HALF_WIDTH.items()
    }
    return _deviation(shared), {level: _deviation(parts) for level, parts in own.items()}


def _deviation(half_widths: tuple[float, ...]) -> float:
    """Round to 10: the inputs are not known better."""
    return round(math.hypot(*half_widths) / math.sqrt(3.0) / (1.0 + VAT), -1)
