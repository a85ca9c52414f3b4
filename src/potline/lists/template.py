"""Write the mapping file that a user edits: what was guessed, from what, and what is still to be said."""

from __future__ import annotations

__all__ = ["mapping_text"]

from collections.abc import Iterable, Sequence

from potline.cases.toml_writing import toml_key, toml_string
from potline.lists.guessing import Guessed
from potline.lists.sheets import Sheet
from potline.lists.words import PARTS, words_of

_ABOUT = {
    "plant": "name of the plant",
    "id": "tells plants of one name apart",
    "firm": "the company that runs it",
    "owners": "who owns it, with shares: the largest share decides",
    "status": "whether it runs: see [statuses]",
    "capacity": "what it can make in a year",
    "running": "what of it runs; without it [assumed.running_share] says",
    "place": "the government it stands under",
    "group": "what costs are assumed by, below",
}
_CASE_NUMBERS = {
    "price_cur_per_t": "price of the product in that month",
    "discount_rate": "what a year of waiting costs, as 0.10",
    "demand.elasticity": "per cent less bought when the price is one per cent higher, as 0.3",
    "process.volatility": "standard deviation of the price over a year, as 0.2",
}
_SWITCHING = {
    "stop_cost_cur_per_t": "stopping a tonne a year of capacity, once",
    "holding_cost_cur_per_t": "keeping it ready while it is idle, every year",
    "restart_cost_cur_per_t": "starting it again, once",
    "exit_cost_cur_per_t": 'closing it for good; "inf" where that cannot be',
}


def mapping_text(sheet: Sheet, found: Guessed, name: str) -> str:
    """Return the mapping file of a list, as text."""
    lines = [
        f"# How Potline reads {sheet.file}. Written once, for you to edit: it is never written over.",
        '# Beside each line stands what it was guessed from. A "?" is yours to say before there is a case.',
        "",
        *_list_part(sheet, found),
        "",
        '[columns]                              # which heading of the list is which; "" where it has none',
        *(_line(part, found.parts.get(part, ""), _about(part, found)) for part in PARTS),
        f"kept = {_list(_rest(found))}  # kept beside each plant; they enter nothing",
        "",
        *_rules(found),
        "",
        *_states(found),
        "",
        '[only]                                 # keep these rows alone, as  Country = ["China"]',
        "",
        *_case(name),
        *_assumed(found),
        *_end(),
    ]
    return "\n".join(lines) + "\n"


def _line(key: str, value: str | int | float, comment: str = "") -> str:
    text = f"{key} = {toml_string(value) if isinstance(value, str) else value}"
    return f"{text:<38} # {comment}" if comment else text


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(toml_string, words))}]"


def _about(part: str, found: Guessed) -> str:
    why = f"; guessed from: {found.why[part]}" if part in found.why else ""
    return f"{_ABOUT[part]}{why}"


def _rest(found: Guessed) -> Sequence[str]:
    taken = {*found.parts.values()} - {found.parts.get("status", ""), found.parts.get("group", ""),
                                       found.parts.get("owners", "")}  # fmt: skip
    return [name for name in found.headings if name not in taken and not name.startswith("column ")][:40]


def _list_part(sheet: Sheet, found: Guessed) -> list[str]:
    lines = ["[list]", _line("heading_row", found.heading_row, f"guessed: {found.why['heading_row']}")]
    if sheet.sheets:
        lines.append(_line("sheet", sheet.sheet, f"the largest of: {', '.join(sheet.sheets[:8])}"))
    else:
        how = f"guessed: columns parted by {toml_string(sheet.separator)}, as most rows are"
        lines += [_line("separator", sheet.separator, how), _line("encoding", sheet.encoding, "guessed")]
    return [
        *lines,
        _line("decimal", found.decimal, f"guessed: {found.why['decimal']}"),
        _line("title", sheet.file, "what the list is, with its date: it goes into sources.csv"),
        _line("address", "", "where it was found"),
        _line("licence", "", "its licence, with the words it asks you to print"),
        _line("standing", "reported", "how sure its numbers are: reported, derived, assumed or disputed"),
        f"missing = {_list(words_of('missing'))}  # cells that say nothing, as a blank one",
        f"totals = {_list(words_of('totals'))}  # names that are no plants",
    ]


def _rules(found: Guessed) -> list[str]:
    return [
        "[capacity]                             # a cell without a number is dropped with its row and listed, never 0",
        _line(
            "unit", found.unit, "each row has its own" if found.unit_column else f"guessed from: {found.why['unit']}"
        ),
        _line("unit_column", found.unit_column, "heading of a column with each row's unit"),
        _line("bounds", "drop", '">500": "drop" the row, or "take" 500; ">0" is always dropped'),
        _line("approximate", "take", '"~500": "take" 500, or "drop" the row; a range 400-600 is kept as one'),
        "",
        '[owners]                               # of "A [60%]; B [40%]" A decides; of equal ones the first',
        f"nobody = {_list(words_of('nobody'))}  # words that name no owner",
        _line("tolerance_percent", 0.5, "shares whose sum is further from 100 are told"),
    ]


def _states(found: Guessed) -> list[str]:
    lines = ["[statuses]                             # what each word means: running, idle, starting or drop"]
    for cell, (meaning, times) in sorted(found.states.items(), key=lambda item: (-item[1][1], item[0])):
        why = "guessed from the word" if meaning != "?" else "yours to say"
        lines.append(_line(toml_string(cell), meaning, f"{times:,} rows; {why}"))
    if not found.states:
        lines.append("# The list has no such column: every plant counts as running.")
    return lines


def _case(name: str) -> list[str]:
    lines = [
        "[case]",
        _line("name", name),
        _line("title", name, "for people"),
        _line("date", "?", "the month that the list describes, YYYY-MM"),
        _line("currency", "?", "such as USD; below, `cur` stands for it"),
        _line("product", "?", "what the plants make"),
        _line("vat_rate", 0, "value-added tax, where prices hold it"),
        _line("description", ""),
        "",
        '# What no list holds. Each is  12  or "12..15"  or "13 in 12..15", with its source (an id of [sources]).',
        '# Where standing is left out it is "assumed"; source is "own".',
        "",
    ]
    for key, about in _CASE_NUMBERS.items():
        lines += [f"[numbers.{toml_key(key)}]", _line("value", "?", about), _line("source", "own"), ""]
    lines += [
        '[numbers."demand.quantity_kt"]',
        _line("value", "running", 'what is bought at that price; "running" is the sum of what runs'),
        "",
    ]
    return lines


def _assumed(found: Guessed) -> list[str]:
    lines = ["# What the list does not say of its plants: one value for all, or by the words of one of its columns."]
    if "running" not in found.parts:
        lines += ["", "[assumed.running_share]"]
        lines += [
            _line("value", "?", "share of a running plant that runs; 1 where all of it does"),
            _line("source", "own"),
        ]
    if found.costs:
        lines += ["", "[given.other_cost_cur_per_t]           # cash cost of a tonne, without tax"]
        lines.append(_line("heading", found.costs, "guessed from: its heading; in money of the case a tonne?"))
        return [*lines, ""]
    lines += ["", "[assumed.other_cost_cur_per_t]         # cash cost of a tonne, all of it, without tax"]
    lines.append(_line("source", "own"))
    group = found.parts.get("group", "")
    if not group:
        return [*lines, _line("value", "?"), ""]
    lines += [_line("by", group), "[assumed.other_cost_cur_per_t.values]"]
    lines += [_line(toml_string(word), "?", f"{times:,} rows") for word, times in found.groups.items()]
    return [*lines, ""]


def _end() -> list[str]:
    lines: list[str] = []
    for key, about in _SWITCHING.items():
        lines += [f"[defaults.plants.{key}]", _line("value", "?", about), _line("source", "own"), ""]
    return [
        *lines,
        "[sources.own]",
        _line("title", "Own assumptions", "who says so, and when"),
        _line("address", ""),
        _line("licence", ""),
    ]
