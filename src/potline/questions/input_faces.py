"""What an answer about inputs shows by itself: a tornado, a map, shares of the spread, a cut that waits for a price."""

from __future__ import annotations

__all__ = ["MAP_FACES", "SENSITIVITY_FACES", "TONNAGE_TORNADO_FACES", "TORNADO_FACES", "TRIGGER_FACES"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import MarginSensitivity, StabilityMap, TonnageMap, TonnageTornado, Tornado, TriggerRange
from potline.agreement.table.question import question_of
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.figures.stability import map_figure
from potline.report.figures.tonnage_map import tonnage_map_figure
from potline.report.figures.tornado import sensitivity_figure, tonnage_tornado_figure, tornado_figure
from potline.report.figures.triggers import trigger_figure
from potline.report.tables.stability import (
    boundary_table,
    map_table,
    sensitivity_table,
    tonnage_map_table,
    tonnage_tornado_table,
    tornado_table,
)
from potline.report.tables.triggers import trigger_table


def _largest_numbers(found: TonnageTornado) -> Mapping[str, Any]:
    first = found.rows[0] if found.rows else None
    return {
        "inputs": len(found.rows),
        "largest_cut_that_holds_kt": found.base_kt,
        "most_moved_by": None if first is None else first.input.name,
        "swing_kt": None if first is None else first.swing_kt,
    }


def _margin_numbers(found: Tornado) -> Mapping[str, Any]:
    first = found.rows[0] if found.rows else None
    return {
        "inputs": len(found.rows),
        "margin_m_per_year": found.base_m_per_year,
        "most_moved_by": None if first is None else first.input.name,
        "swing_m_per_year": None if first is None else first.swing_m_per_year,
    }


def _sensitivity_numbers(found: MarginSensitivity) -> Mapping[str, Any]:
    first = max(zip(found.total.tolist(), found.factors, strict=True), default=(None, ""))
    return {
        "draws": found.draws,
        "mean_margin_m_per_year": found.mean_m_per_year,
        "deviation_m_per_year": found.deviation_m_per_year,
        "most_due_to": first[1],
        "total_share": first[0],
    }


def _map_numbers(found: StabilityMap) -> Mapping[str, Any]:
    return {
        "inputs": (found.first.name, found.second.name),
        "points": found.first_values.size * found.second_values.size,
        "agreed_share": found.agreed_share,
        "margin_as_stated_m_per_year": found.base_m_per_year,
    }


def _largest_map_numbers(found: TonnageMap) -> Mapping[str, Any]:
    return {
        "inputs": (found.first.name, found.second.name),
        "points": found.first_values.size * found.second_values.size,
        "largest_cut_as_stated_kt": found.base_kt,
        "least_kt": float(found.k_star_kt.min()),
        "most_kt": float(found.k_star_kt.max()),
        "nothing_holds_share": found.none_share,
    }


def _trigger_numbers(found: TriggerRange) -> Mapping[str, Any]:
    return {
        "price_per_t": found.price_per_t,
        "import_parity": found.parity,
        "ranges": len(found.ranges_per_t),
        "holds_from_price_per_t": found.lowest_per_t,
        "to_price_per_t": found.highest_per_t,
    }


def _trigger_figures(found: TriggerRange) -> Iterator[Figure | None]:
    rule = question_of(found.case, None).rule
    yield trigger_figure([found], found.case.industry, rule=rule, source=source_of(found))


TONNAGE_TORNADO_FACES: dict[str, Face[Any]] = {
    "TonnageTornado": Face[TonnageTornado](
        numbers=_largest_numbers,
        tables=lambda found: [tonnage_tornado_table(found)],
        figures=lambda found: [tonnage_tornado_figure(found, source=source_of(found))],
    )
}
TORNADO_FACES: dict[str, Face[Any]] = {
    "Tornado": Face[Tornado](
        numbers=_margin_numbers,
        tables=lambda found: [tornado_table(found, found.case.currency)],
        figures=lambda found: [tornado_figure(found, currency=found.case.currency, source=source_of(found))],
    )
}
SENSITIVITY_FACES: dict[str, Face[Any]] = {
    "MarginSensitivity": Face[MarginSensitivity](
        numbers=_sensitivity_numbers,
        tables=lambda found: [sensitivity_table(found, found.case.currency)],
        figures=lambda found: [sensitivity_figure(found, source=source_of(found))],
    )
}
MAP_FACES: dict[str, Face[Any]] = {
    "StabilityMap": Face[StabilityMap](
        numbers=_map_numbers,
        tables=lambda found: [map_table(found, found.case.currency), boundary_table(found, found.case.currency)],
        figures=lambda found: [map_figure([found], currency=found.case.currency, source=source_of(found))],
    ),
    "TonnageMap": Face[TonnageMap](
        numbers=_largest_map_numbers,
        tables=lambda found: [tonnage_map_table(found)],
        figures=lambda found: [tonnage_map_figure(found, source=source_of(found))],
    ),
}
TRIGGER_FACES: dict[str, Face[Any]] = {
    "TriggerRange": Face[TriggerRange](
        numbers=_trigger_numbers,
        tables=lambda found: [trigger_table([found], found.case.industry)],
        figures=_trigger_figures,
    )
}
