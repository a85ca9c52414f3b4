"""The parts of ``potline meeting`` about inputs and triggers: a map, a tornado, Sobol indices, a waiting cut."""

from __future__ import annotations

__all__ = ["inputs_of_meeting"]

import math
from typing import TYPE_CHECKING

from potline.errors import InputError, Problem
from potline.units import without_vat

if TYPE_CHECKING:
    from potline.cases import Case, InputRange
    from potline.report.figure import Figure
    from potline.report.table import Table

Said = tuple[list[str], list["Table"], list["Figure"]]


def inputs_of_meeting(
    case: Case,
    *,
    plane: tuple[str, str, str, str] | None,
    one_at_a_time: bool,
    trigger: float | None,
    window: float,
    draws: int,
    seed: int,
    rule: str | None,
) -> Said:
    """Return sentences, tables and figures for what was asked beyond the meeting itself.

    Args:
        case: with a meeting. plane: two inputs, each with its range as typed; None for no map.
        one_at_a_time: a tornado and Sobol indices. trigger: price as quoted, or None. window: years.
        draws, seed: of the Sobol indices, a sixteenth of the draws. rule: how a cut is shared.
    """
    sentences: list[str] = []
    tables: list[Table] = []
    figures: list[Figure] = []
    parts: list[Said] = []
    if plane is not None:
        parts.append(_map(case, plane, rule))
    if one_at_a_time:
        parts.append(_tornado(case, draws, seed, rule))
    if trigger is not None:
        parts.append(_waiting(case, trigger, window, rule))
    for said, shown, drawn in parts:
        sentences += said
        tables += shown
        figures += drawn
    return sentences, tables, figures


def _map(case: Case, plane: tuple[str, str, str, str], rule: str | None) -> Said:
    from potline.agreement import stability_map
    from potline.report.figures.stability import map_figure
    from potline.report.tables.stability import boundary_table, map_table

    first, second = _range(plane[0], plane[1]), _range(plane[2], plane[3])
    maps = [stability_map(case, first, second, rule=rule, leaving=way) for way in ("keep", "collapse")]
    drawn = map_figure(maps, currency=case.currency, source=f"case {case.name}")
    tables = [table(item, case.currency) for item in maps for table in (boundary_table, map_table)]
    return [drawn.sentence], tables, [drawn]


def _tornado(case: Case, draws: int, seed: int, rule: str | None) -> Said:
    from potline.agreement import margin_sensitivity, tornado
    from potline.report.figures.tornado import sensitivity_figure, tornado_figure
    from potline.report.tables.stability import sensitivity_table, tornado_table

    source = f"case {case.name}; ranges as in its factors, without VAT"
    one = tornado(case, rule=rule)
    every = margin_sensitivity(case, draws=max(8, draws // 16), seed=seed, rule=rule)
    drawn = [
        tornado_figure(one, currency=case.currency, source=source), sensitivity_figure(every, source=source)
    ]  # fmt: skip
    figures = [item for item in drawn if item is not None]
    tables = [tornado_table(one, case.currency), sensitivity_table(every, case.currency)]
    return [item.sentence for item in figures], tables, figures


def _waiting(case: Case, trigger: float, window: float, rule: str | None) -> Said:
    import dataclasses

    from potline.agreement import Conditional, Tabled, propose, trigger_range
    from potline.agreement.question import question_of
    from potline.report.figures.triggers import trigger_figure
    from potline.report.tables.triggers import condition_sentence, condition_table, trigger_table

    if not 0.0 < trigger < math.inf:
        raise InputError(
            [Problem(where="--if-below", found=f"{trigger:g}", needed="a price above 0, as quoted with VAT")]
        )
    if not window > 0.0:
        raise InputError([Problem(where="--within", found=f"{window:g}", needed="a number of years above 0")])
    asked = question_of(case, rule)
    if rule is not None and case.meeting is not None:
        case = dataclasses.replace(case, meeting=dataclasses.replace(case.meeting, rule=rule))
    level = without_vat(trigger, case.industry.vat_rate)
    found = [
        propose(case, Conditional(proposal=Tabled(), trigger_per_t=level, window_years=window, parity=parity))
        for parity in ("held", "follows")
    ]
    ranges = [trigger_range(case, parity=parity) for parity in ("held", "follows")]
    drawn = trigger_figure(ranges, case.industry, rule=asked.rule, source=f"case {case.name}")
    sentences = [condition_sentence(found, case.industry)]
    figures = [] if drawn is None else [drawn]
    sentences += [item.sentence for item in figures]
    return sentences, [condition_table(found, case.industry), trigger_table(ranges, case.industry)], figures


def _range(name: str, text: str) -> InputRange:
    from potline.cases import InputRange
    from potline.cases.cells import read_number

    if text.strip() == "stated":
        return InputRange(input=name)
    needed = "LOW..HIGH, such as 120..200, or `stated` for the range of a factor"
    try:
        interval = read_number(text)
    except ValueError:
        raise InputError([Problem(where=f"--map {name!r}", found=repr(text), needed=needed)]) from None
    if not interval.is_range:
        raise InputError([Problem(where=f"--map {name!r}", found=repr(text), needed=needed)])
    return InputRange(input=name, low=interval.low, high=interval.high)
