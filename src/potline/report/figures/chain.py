"""The chain in space: a Sankey of ore, input and product, the map of its prices, and landed against inland cost."""

from __future__ import annotations

__all__ = ["chain_figures", "chain_map_figure", "chain_parity_figure", "chain_sankey_figure"]

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from potline.report.drawings import DotRow, dots, province_map
from potline.report.drawings.sankey import Band, SankeyColumn, sankey
from potline.report.figure import Figure, figure
from potline.report.places import below_the_map
from potline.report.saying import say
from potline.report.theme import CATEGORIES, GREY
from potline.report.words import amount, signed

if TYPE_CHECKING:
    from potline.equilibrium.chain import ChainResult

OTHER, IMPORTS, ABROAD_ORE, HOME_ORE = "other provinces", "imports", "ore from abroad", "domestic ore"
"""What stands among places in the figure; :func:`_called` says it."""


def chain_figures(found: ChainResult, *, source: str) -> tuple[Figure, ...]:
    """Return every figure of the chain."""
    return (
        chain_sankey_figure(found, source=source),
        chain_map_figure(found, source=source),
        chain_parity_figure(found, source=source),
    )


def chain_sankey_figure(found: ChainResult, *, source: str) -> Figure:
    """Draw where the input comes from and goes: kind of ore, province that makes it, province that uses it."""
    product = found.market.product
    places = {item.name: item for item in found.places}
    supplying = sorted(
        (item for item in places.values() if item.input_made_kt > 0.5), key=lambda item: -item.input_made_kt
    )
    moved = [(origin, user, size) for origin, user, size in found.flows() if origin in places]
    landed = [(origin, user, size) for origin, user, size in found.flows() if origin not in places]
    local = {
        item.name: item.input_made_kt - sum(size for origin, _, size in moved if origin == item.name)
        for item in supplying
    }
    pairs = [*moved, *((name, name, size) for name, size in local.items() if size > 0.5)]
    pairs += [(IMPORTS, user, size) for _, user, size in landed if user in places]
    users = sorted(
        {user for _, user, _ in pairs}, key=lambda name: -sum(size for _, user, size in pairs if user == name)
    )
    kept = users[:14]
    merged: dict[tuple[str, str], float] = {}
    for origin, user, size in pairs:
        key = (origin, user if user in kept else OTHER)
        merged[key] = merged.get(key, 0.0) + size
    ores = _ores(found, set(places))
    origins = [item.name for item in supplying] + ([IMPORTS] if any(pair[0] == IMPORTS for pair in merged) else [])
    colours = {name: (CATEGORIES[k] if k < 6 else GREY) for k, name in enumerate(origins)}
    colours |= {ABROAD_ORE: "#8c564b", HOME_ORE: "#c7b299"}
    bands = [
        Band(column=0, origin=kind, destination=name, size=ores[kind, name], group=kind)
        for kind in (ABROAD_ORE, HOME_ORE)
        for name in origins
        if (kind, name) in ores
    ]
    order = [name for name in (*kept, OTHER) if any(user == name for _, user in merged)]
    bands += [
        Band(column=1, origin=origin, destination=user, size=merged[origin, user], group=origin)
        for origin in origins
        for user in order
        if (origin, user) in merged
    ]
    sums = sum(merged.values())
    scale = 0.72 / sums if sums > 0.0 else 1.0
    labels = _labels(ores, merged, origins, order)
    drawn = sankey(
        [
            SankeyColumn(
                title=say("chain.made_from"), nodes=tuple(k for k in (ABROAD_ORE, HOME_ORE) if (0, k) in labels)
            ),
            SankeyColumn(title=say("chain.made_in"), nodes=tuple(origins)),
            SankeyColumn(title=say("chain.used_in"), nodes=tuple(order)),
        ],
        bands,
        colours={name: colour for name, colour in colours.items() if any(band.group == name for band in bands)},
        labels=labels,
        scales=(scale, scale),
    )
    sentence = _flow_words(found, merged)
    return figure(
        drawn,
        name="chain_sankey",
        title=say("chain.where_comes_from_and_where", product=product),
        subtitle=say("chain.kt_year_of_at_the", product=product),
        sentence=sentence,
        source=source,
        units=say("chain.band_kt_year"),
        width=None,
        height=None,
    )


def _labels(
    ores: Mapping[tuple[str, str], float],
    merged: Mapping[tuple[str, str], float],
    origins: Sequence[str],
    users: Sequence[str],
) -> dict[tuple[int, str], str]:
    """Return what stands beside each node, by column: its name and kt/year."""
    made = {name: sum(size for (_, user), size in merged.items() if user == name) for name in users}
    labels = {
        (0, kind): f"{_called(kind)} {amount(sum(v for (k, _), v in ores.items() if k == kind))}"
        for kind in (ABROAD_ORE, HOME_ORE)
    }
    labels |= {
        (1, name): f"{_called(name)} {amount(sum(v for (o, _), v in merged.items() if o == name))}" for name in origins
    }
    labels |= {(2, name): f"{_called(name)} {amount(made[name])}" for name in users}
    return labels


def _flow_words(found: ChainResult, merged: Mapping[tuple[str, str], float]) -> str:
    """Say how much is used away from where it is made, and by which way most of it goes."""
    product, sums = found.market.product, sum(merged.values())
    across = sum(size for (origin, user), size in merged.items() if origin != user and user != OTHER)
    biggest = max(((size, o, u) for (o, u), size in merged.items() if o != u), default=(0.0, "", ""))
    return say(
        "chain.of_of_is_used_in",
        total=sums,
        product=product,
        share_moved=across / sums if sums else 0.0,
        largest_flow=biggest[0],
        origin=biggest[1],
        destination=biggest[2],
        input_imports_kt=found.input_imports_kt,
    )


def _called(name: str) -> str:
    """Return the name of a place, or of what stands among places."""
    return say(f"chain.among_places.{name}") if name in (OTHER, IMPORTS, ABROAD_ORE, HOME_ORE) else name


def _ores(found: ChainResult, places: set[str]) -> dict[tuple[str, str], float]:
    """Return what each place makes from ore from abroad and from domestic ore, kt/year by (kind, place)."""
    abroad = {item.kind for item in found.market.ore if item.cif_usd_per_t > 0.0}
    ores: dict[tuple[str, str], float] = {}
    for supplier in found.market.suppliers:
        name = supplier.government or found.places[0].name
        made = found.output_kt(supplier.name)
        if made > 0.0 and name in places:
            key = (ABROAD_ORE if supplier.ore in abroad else HOME_ORE, name)
            ores[key] = ores.get(key, 0.0) + made
    return ores


def chain_map_figure(found: ChainResult, *, source: str) -> Figure:
    """Draw the price of the input and the operating rate of suppliers, one square a province."""
    industry, product = found.industry, found.market.product
    shown = [item for item in found.places if not math.isnan(item.input_price_per_t)]
    prices = {item.name: industry.with_vat(item.input_price_per_t) for item in shown}
    mean = industry.with_vat(found.mean_input_price_per_t())
    texts = {
        item.name: say(
            "chain.runs" if item.input_capacity_kt > 0.0 else "chain.words",
            prices=prices[item.name],
            operating_rate=item.operating_rate,
        )
        for item in shown
    }
    drawn = province_map({name: price - mean for name, price in prices.items()}, texts)
    low, high = min(prices, key=lambda name: prices[name]), max(prices, key=lambda name: prices[name])
    sentence = say(
        "chain.costs_t_in_and_in",
        product=product.capitalize(),
        lowest=prices[low],
        currency=industry.currency,
        low=low,
        highest=prices[high],
        high=high,
        average_operating_rate=found.average_operating_rate,
        below_the_map=below_the_map(prices),
    )
    return figure(
        drawn,
        name="chain_map",
        title=say("chain.price_of_by_province_and", product=product),
        subtitle=say("chain.t_with_vat_blue_above", currency=industry.currency, mean=mean),
        sentence=sentence,
        source=source,
        units=say("chain.t_with_vat_share_of", currency=industry.currency),
        width=None,
        height=None,
    )


def chain_parity_figure(found: ChainResult, *, source: str) -> Figure:
    """Draw what a landed tonne costs at each province above the price there."""
    industry, product = found.industry, found.market.product
    shown = [item for item in found.places if not math.isnan(item.input_price_per_t) and item.use_kt > 0.5]
    gaps = {item.name: industry.with_vat(found.parity_gap_per_t(item.name)) for item in shown}
    gaps = {name: gap for name, gap in gaps.items() if math.isfinite(gap)}
    order = sorted(gaps, key=lambda name: gaps[name])
    drawn = dots(
        [DotRow(label=name, value=gaps[name], group="gap", text=signed(gaps[name])) for name in order],
        x_title=say("chain.landed_cost_less_price_there", currency=industry.currency),
        groups=["gap"],
        colours=[CATEGORIES[0]],
        x_domain=(min([0.0, *gaps.values()]), 1.05 * max([1.0, *gaps.values()])),
        label_limit=150,
    )
    least = order[0] if order else ""
    closed = [name for name in order if gaps[name] > 0.5]
    sentence = (
        say(
            "chain.a_landed_tonne_is_nearest",
            least=least,
            gaps=gaps[least],
            currency=industry.currency,
            closed=len(closed),
            order=len(order),
            product=product,
        )
        if order
        else say("chain.no_is_traded", product=product)
    )
    return figure(
        drawn,
        name="chain_parity",
        title=say("chain.how_far_imported_is_from", product=product),
        sentence=sentence,
        source=source,
        units=say("chain.x_t_with_vat", currency=industry.currency),
        width=None,
        height=None,
    )
