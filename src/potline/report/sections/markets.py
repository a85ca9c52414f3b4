"""Price, subsidies and the shared input."""

from __future__ import annotations

__all__ = ["chain_block", "input_block", "price_block", "subsidies_block"]

import math

from potline.answers import there
from potline.report.blocks import Blocks, joined, paragraph, table_block
from potline.report.saying import say
from potline.report.sections.parts import Parts
from potline.report.words import (
    tonnes,
)


def price_block(parts: Parts) -> Blocks:
    """Say where the price stands without a deal, and what a deal would do to it."""
    answers = parts.answers
    market = there(answers.market)
    state, other = market.observed, market.pro_rata
    still = abs(other.price_gap_share) < 0.0005 and abs(other.output_gap_share) < 0.0005
    held_words = say(
        ("market.nobody_agreeing_the_market_holds" if still else "market.nobody_agreeing_the_market_holds_2")
        if market.holds
        else ("market.nobody_agreeing_the_market_does" if still else "market.nobody_agreeing_the_market_does_2"),
        quantity_kt=state.market.quantity_kt,
        currency=parts.currency,
        price_per_t=answers.net.with_vat(state.market.price_per_t),
        price_moved=_moved(other.price_gap_share),
        output_moved=_moved(other.output_gap_share),
    )
    return joined(
        paragraph(held_words),
        parts.figure("market_without_deal"),
        paragraph(_deal(parts)),
        parts.figure("price_flexibility"),
        parts.folded(say("market.stopping_and_restart_price_of"), "stop_restart_bands"),
    )


def subsidies_block(parts: Parts) -> Blocks:
    """Say what support there is, what it does to cost and what to the price at which plants stop."""
    answers, currency = parts.answers, parts.currency
    inforce = [effect for effect in answers.policies if effect.in_force]
    beside = [effect for effect in answers.policies if not effect.in_force]
    words = say("policies.two_kinds_of_support_work")
    if inforce:
        words += " " + say("policies.in_force_at_the_date", inforce=[effect.policy for effect in inforce])
    else:
        words += " " + say("policies.none_of_either_kind_is")
    if beside:
        words += " " + say("policies.shown_as_if_in_force", beside=[effect.policy for effect in beside])
    gone = answers.net.industry.projects
    if gone:
        building = sum(project.capacity_kt for project in gone)
        words += " " + say("policies.meanwhile_of_new_capacity_is", building=building)
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
        table_block(effects) if effects.rows else (),
        parts.figure("under_water"),
        table_block(table) if table.rows else (),
    )


def input_block(parts: Parts) -> Blocks:
    """Say why imports fall, what parity has to do with it, and what a deal would do to the input's price."""
    answers, currency = parts.answers, parts.currency
    market = there(answers.input_market)
    quoted = answers.net.with_vat
    words = (
        say(
            "input_market.suppliers_in_the_case_can",
            capacity=float(market.capacity_kt.sum()),
            product=parts.product,
            demand_kt=market.demand_kt,
        )
        + " "
    )
    if math.isfinite(market.parity_per_t):
        gap = market.parity_per_t - market.price_per_t
        words += (
            say(
                "input_market.a_landed_tonne_costs_with",
                currency=currency,
                parity_per_t=quoted(market.parity_per_t),
                price_per_t=quoted(market.price_per_t),
                gap=quoted(gap),
            )
            if gap > 0.0
            else say(
                "input_market.a_landed_tonne_costs_with_2",
                currency=currency,
                parity_per_t=quoted(market.parity_per_t),
                price_per_t=quoted(market.price_per_t),
                imports_kt=market.imports_kt,
            )
        )
    held = answers.meeting
    if held is not None and held.deal_relief_per_t > 0.0:
        words += " " + say(
            "input_market.the_nearest_deal_would_make",
            product=parts.product,
            currency=currency,
            deal_relief_per_t=held.deal_relief_per_t,
        )
    return joined(
        paragraph(words),
        parts.figure("input_imports"),
        parts.figure("input_parity", "suppliers"),
    )


def _moved(share: float) -> str:
    if math.isnan(share):
        return say("market.higher_than_nothing")
    return say("market.higher" if share >= 0.0 else "market.lower", share=abs(share))


def chain_block(parts: Parts) -> Blocks:
    """Say what the chain in space adds: prices by province, and what a cut does to the input."""
    return joined(paragraph(_chain(parts)), parts.figure("chain_sankey", "chain_map"))


def _chain(parts: Parts) -> str:
    found, relief, currency = there(parts.answers.chain), parts.answers.relief, parts.currency
    quoted = parts.answers.net.with_vat
    places = [place for place in found.places if place.use_kt > 0.5]
    low, high = min(place.input_price_per_t for place in places), max(place.input_price_per_t for place in places)
    least = min(found.parity_gap_per_t(place.name) for place in places)
    words = say(
        "chain.in_space_with_freight_between",
        product=parts.product,
        low=quoted(low),
        currency=currency,
        high=quoted(high),
    )
    if math.isfinite(least):
        words += (
            say("chain.a_landed_tonne_is_at", currency=currency, least=quoted(least), product=parts.product)
            if least > 0.5
            else " " + say("chain.and_come_in", input_imports_kt=found.input_imports_kt)
        )
    words += "."
    if relief is not None:
        words += " " + say(
            "chain.were_those_present_to_idle",
            cut_kt=relief.cut_kt,
            product=parts.product,
            currency=currency,
            mean_fall_per_t=quoted(relief.mean_fall_per_t),
            one_market_fall_per_t=quoted(relief.one_market_fall_per_t),
            saving_m_per_year=relief.saving_m_per_year,
            undone=tonnes(relief.undone_kt) if relief.undone_kt >= 0.5 else say("chain.nothing"),
        )
    return words


def _deal(parts: Parts) -> str:
    answers, currency = parts.answers, parts.currency
    held = answers.meeting
    if held is None or not held.coalition:
        return ""
    quoted = answers.net.with_vat
    before, after = quoted(held.price_per_t), quoted(held.deal_price_per_t)
    words = say(
        "market.the_deal_that_comes_nearest",
        deal_cut_kt=held.deal_cut_kt,
        deal_imports_kt=held.deal_imports_kt,
        deal_restarts_kt=held.deal_restarts_kt,
        before=before,
        currency=currency,
        after=after,
        rise=after - before,
    )
    if math.isfinite(held.ceiling_per_t):
        ceiling = quoted(held.ceiling_per_t)
        words += say(
            "market.import_parity_the_cost_of" if after >= ceiling - 0.5 else "market.import_parity_the_cost_of_2",
            product=answers.net.industry.product,
            ceiling=ceiling,
        )
    words += say(
        "market.those_who_stay_out_would",
        currency=currency,
        free_riders_gain_m_per_year=held.free_riders_gain_m_per_year,
    )
    if not math.isnan(held.months_to_recoup):
        words += " " + say("market.at_that_price_the_members", months_to_recoup=held.months_to_recoup)
    return words
