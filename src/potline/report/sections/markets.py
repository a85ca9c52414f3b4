"""Price, subsidies and the shared input."""

from __future__ import annotations

__all__ = ["chain_block", "input_block", "price_block", "subsidies_block"]

import math

from potline.answers import there
from potline.report.html import paragraph, table_block
from potline.report.sections.parts import Parts, joined
from potline.report.words import (
    amount,
    counted,
    listing,
    money,
    money_m,
    month_words,
    percent,
    quantity,
    signed,
    tonnes,
)


def price_block(parts: Parts) -> str:
    """Say where the price stands without a deal, and what a deal would do to it."""
    answers = parts.answers
    market = there(answers.market)
    state, other = market.observed, market.pro_rata
    held_words = (
        f"Nobody agreeing, the market {'holds' if market.holds else 'does not hold'} what was observed: "
        f"{tonnes(state.market.quantity_kt)} at "
        f"{money(answers.net.with_vat(state.market.price_per_t), parts.currency)} with VAT. Lines keep running well "
        "below their cash cost and idle lines come back only well above it, so the price can move far before output "
        "does. That rests on which lines stand idle: were the idle capacity spread evenly over "
        "the lines whose state no "
        f"source gives, the market would clear "
        + (
            "at the price and output observed."
            if max(abs(other.price_gap_share), abs(other.output_gap_share)) < 0.0005
            else f"at a price {_moved(other.price_gap_share)} and an output "
            f"{_moved(other.output_gap_share)} than observed."
        )
    )
    return joined(
        paragraph(held_words),
        parts.figure("market_without_deal"),
        paragraph(_deal(parts)),
        parts.figure("price_flexibility"),
        parts.folded("Stopping and restart price of every plant", "stop_restart_bands"),
    )


def subsidies_block(parts: Parts) -> str:
    """Say what support there is, what it does to cost and what to the price at which plants stop."""
    answers, currency = parts.answers, parts.currency
    inforce = [effect for effect in answers.policies if effect.in_force]
    beside = [effect for effect in answers.policies if not effect.in_force]
    words = (
        "Two kinds of support work differently. Support for every tonne or kWh falls with each tonne not made: it "
        "lowers cash cost, and keeps the tonne above water. A lump sum paid while a plant runs is lost only when it "
        "stops: it leaves cash cost alone and lowers the price at which the plant stops."
    )
    if inforce:
        words += f" In force at the date: {listing([effect.policy for effect in inforce])}."
    else:
        words += " None of either kind is in force at the case's date."
    if beside:
        words += f" Shown as if in force: {listing([effect.policy for effect in beside])}."
    gone = answers.net.industry.projects
    if gone:
        building = sum(project.capacity_kt for project in gone)
        words += f" Meanwhile {tonnes(building)} of new capacity is under construction."
    cur = currency.lower()
    table = parts.table("policies").picked(["policy", "kind", "who", "amount", "unit", "start", "end", "in_force"])
    effects = parts.table("policy_effects").picked(
        [
            "policy",
            "plants",
            "capacity_kt",
            f"net_cash_cost_without_{cur}_per_t",
            f"net_cash_cost_with_{cur}_per_t",
            f"stopping_price_without_{cur}_per_t",
            f"stopping_price_with_{cur}_per_t",
            "under_water_without_kt",
            "under_water_with_kt",
        ]
    )
    return joined(
        paragraph(words),
        parts.figure("policies"),
        table_block(effects) if effects.rows else "",
        parts.figure("under_water"),
        table_block(table) if table.rows else "",
    )


def input_block(parts: Parts) -> str:
    """Say why imports fall, what parity has to do with it, and what a deal would do to the input's price."""
    answers, currency = parts.answers, parts.currency
    market = there(answers.input_market)
    quoted = answers.net.with_vat
    words = (
        f"Suppliers in the case can make {tonnes(float(market.capacity_kt.sum()))} of {parts.product} against a need "
        f"of {tonnes(market.demand_kt)}. "
    )
    if math.isfinite(market.parity_per_t):
        gap = market.parity_per_t - market.price_per_t
        words += (
            f"A landed tonne costs {money(quoted(market.parity_per_t), currency)} with VAT and the last domestic one "
            f"needed {money(quoted(market.price_per_t), currency)}: "
            + (
                f"at a gap of {money(quoted(gap), currency)} parity alone brings in nothing."
                if gap > 0.0
                else f"parity sets the price and {quantity(market.imports_kt, 'kt/year')} come in."
            )
        )
    held = answers.meeting
    if held is not None and held.deal_relief_per_t > 0.0:
        words += (
            f" The nearest deal would make {parts.product} {money(held.deal_relief_per_t, currency)} cheaper (without "
            "VAT), because suppliers lose customers."
        )
    imports = answers.imports
    score = ""
    if imports is not None and imports.scored:
        score = (
            f"Scored on {counted(len(imports.scored), 'month')} whose price abroad was published "
            f"({listing([month_words(month.month) for month in imports.scored])}): the mean error is "
            f"{signed(imports.mean_error_kt)} kt a month, the mean size of the error "
            f"{amount(imports.mean_absolute_error_kt)} kt a month, where always saying none would miss by "
            f"{amount(imports.mean_customs_kt)}. Steps at parity are all or nothing; contracts and qualities are not "
            "in them."
        )
    return joined(
        paragraph(words),
        parts.figure("input_imports"),
        paragraph(score),
        parts.figure("input_parity", "suppliers"),
    )


def _moved(share: float) -> str:
    size = percent(abs(share), 1)
    return f"{size} {'higher' if share >= 0.0 else 'lower'}"


def chain_block(parts: Parts) -> str:
    """Say what the chain in space adds: prices by province, and what a cut does to the input."""
    return joined(paragraph(_chain(parts)), parts.figure("chain_sankey", "chain_map"))


def _chain(parts: Parts) -> str:
    found, relief, currency = there(parts.answers.chain), parts.answers.relief, parts.currency
    quoted = parts.answers.net.with_vat
    places = [place for place in found.places if place.use_kt > 0.5]
    low, high = min(place.input_price_per_t for place in places), max(place.input_price_per_t for place in places)
    least = min(found.parity_gap_per_t(place.name) for place in places)
    words = (
        f"In space, with freight between provinces and ports, {parts.product} costs {amount(quoted(low))} to "
        f"{money(quoted(high), currency)} with VAT by province"
    )
    if math.isfinite(least):
        words += (
            f"; a landed tonne is at least {money(quoted(least), currency)} dearer wherever {parts.product} is used"
            if least > 0.5
            else f" and {tonnes(found.input_imports_kt)} come in"
        )
    words += "."
    if relief is not None:
        words += (
            f" Were those present to idle {tonnes(relief.cut_kt)}, {parts.product} would fall by "
            f"{money(quoted(relief.mean_fall_per_t), currency)} in the mean of its users (one market, one price: "
            f"{amount(quoted(relief.one_market_fall_per_t))}), saving the plants that run "
            f"{money_m(relief.saving_m_per_year, currency)} a year; cheaper {parts.product} would bring back "
            + (tonnes(relief.undone_kt) if relief.undone_kt >= 0.5 else "nothing")
            + " of the cut."
        )
    return words


def _deal(parts: Parts) -> str:
    answers, currency = parts.answers, parts.currency
    held = answers.meeting
    if held is None or not held.coalition:
        return ""
    quoted = answers.net.with_vat
    before, after = quoted(held.price_per_t), quoted(held.deal_price_per_t)
    words = (
        f"The deal that comes nearest idles {tonnes(held.deal_cut_kt)}. Imports would make up "
        f"{tonnes(held.deal_imports_kt)} of it and restarted lines {tonnes(held.deal_restarts_kt)}, and the price "
        f"would go from {amount(before)} to {money(after, currency)} ({signed(after - before)})"
    )
    if math.isfinite(held.ceiling_per_t):
        ceiling = quoted(held.ceiling_per_t)
        words += (
            f"; import parity, the cost of a landed foreign tonne of {answers.net.industry.product}, stands at "
            f"{amount(ceiling)}" + (" and stops it there" if after >= ceiling - 0.5 else "")
        )
    words += (
        f". Those who stay out would gain {money_m(held.free_riders_gain_m_per_year, currency)} a year from it "
        "without idling anything."
    )
    if not math.isnan(held.months_to_recoup):
        words += (
            f" At that price the members recoup what idling costs them in {amount(held.months_to_recoup, 1)} months."
        )
    return words
