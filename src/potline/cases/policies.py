"""Read policies: those in force are applied to the industry, the others kept aside."""

from __future__ import annotations

__all__ = ["read_policies"]

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from potline.cases.files import Row, Table
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.tables import PolicyRow
from potline.cases.written import Origin
from potline.industry import LumpSum, Plant, Policy, PowerSubsidy, StatePurchase, ends_before

_UNITS = {"power_subsidy": "CUR/kWh", "lump_sum": "m CUR/year", "state_purchase": "kt"}


def read_policies(
    reader: Reader, plants: Sequence[Plant], firms: Collection[str], provinces: Collection[str]
) -> list[tuple[Table, Row, Policy, bool]]:
    """Read policies.csv; each policy with its row and whether it is in force."""
    result: list[tuple[Table, Row, Policy, bool]] = []
    rows = reader.rows(PolicyRow)
    for place, (table, row, block) in enumerate(rows):
        if not block.kind or block.amount is None:
            continue
        reader.known(table, row, "province", block.province, provinces, "governments.csv")
        unit = reader.to_unit(_UNITS[block.kind])
        if block.unit and block.unit != unit:
            hint = f"Convert `amount` to {unit}, or write {unit!r} if it is in it already."
            reader.at_cell(table, row, "unit", repr(block.unit), f"{unit!r} for kind {block.kind}", hint)
        if ends_before(block.start, block.end):
            found, needed = f"{block.end}, before its start, {block.start}", "an end at the start or after it"
            reader.at_cell(table, row, "end", found, needed, "Exchange the two, or leave one blank.")
        where = f"{table.file} row {row.number}"
        path = f"policy[{block.policy}]"
        source = "; ".join(block.source)
        origin = Origin(unit=unit, vat="none", source=source, standing=block.standing, note=block.note)
        common: dict[str, Any] = {
            "name": block.policy, "start": block.start, "end": block.end, "note": block.note
        }  # fmt: skip
        if block.kind == "power_subsidy":
            amount = reader.claim(f"{path}.support_per_kwh", block.amount, origin, where=where)
            chosen = _chosen(reader, table, row, block, plants, firms)
            policy: Policy = PowerSubsidy(
                **common, government=block.province, support_per_kwh=amount, plants=chosen
            )  # fmt: skip
            if not block.province and not chosen:
                reader.at_cell(table, row, "province", "nothing", "a province, or plants in column firm")
        elif block.kind == "lump_sum":
            amount = reader.claim(f"{path}.money_m_per_year", block.amount, origin, where=where)
            if len(block.firm) != 1:
                reader.at_cell(table, row, "firm", ", ".join(block.firm) or "nothing", "one firm for kind lump_sum")
                continue
            reader.known(table, row, "firm", block.firm[0], firms, "firms.csv")
            policy = LumpSum(
                **common,
                government=block.province,
                firm=block.firm[0],
                money_m_per_year=amount,
                pro_rata=block.pro_rata,
            )
        else:
            amount = reader.claim(f"{path}.quantity_kt", block.amount, origin, where=where)
            paid = reader.numbers(rows.only([place]), [f"{path}."], [("price_cur_per_t", "price_per_t")])
            price = paid.get("price_cur_per_t", [None])[0]
            if price is None:
                reader.at_cell(
                    table, row, reader.to_file("price_cur_per_t"), "nothing", "the price paid for kind state_purchase"
                )
            for firm in block.firm:
                reader.known(table, row, "firm", firm, firms, "firms.csv")
            policy = StatePurchase(**common, quantity_kt=amount, price_per_t=price or 0.0, sellers=block.firm)
        result.append((table, row, policy, block.in_force))
    return result


def _chosen(
    reader: Reader, table: Table, row: Row, block: PolicyRow, plants: Sequence[Plant], firms: Collection[str]
) -> tuple[str, ...]:
    """Return the plants that a power subsidy names, itself or by their firm."""
    if not block.firm:
        return ()
    names = {plant.name for plant in plants}
    by_firm: dict[str, list[str]] = {}
    for plant in plants:
        if block.province in ("", plant.government):
            by_firm.setdefault(plant.firm, []).append(plant.name)
    chosen: list[str] = []
    for word in block.firm:
        if word in names:
            chosen.append(word)
        elif word in by_firm:
            chosen.extend(by_firm[word])
        elif names or not reader.problems.in_file("plants.csv"):
            hint = partial(did_you_mean, word, (*(plant.name for plant in plants), *firms), "Plants")
            reader.at_cell(table, row, "firm", f"unknown plant or firm {word!r}", "plants, or a firm with plants", hint)
    return tuple(dict.fromkeys(chosen))
