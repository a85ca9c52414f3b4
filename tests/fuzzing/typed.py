"""Mutations of what is typed: overrides, and options of the command line."""

from __future__ import annotations

from random import Random

from tests.fuzzing.texts import NAMES, edited, some_number, some_text

from potline.cases.schema import NUMBERS
from potline.cases.tables import TABLES

_NOUNS = {"plant": "plants", "government": "governments", "supplier": "suppliers", "ore": "ore",
          "route": "chain_routes", "firm": "firms"}  # fmt: skip
_MEMBERS = ("Gamma", "North 1", "*", "Northland", "province=Southland", "power_source=grid", "North refinery", "Abroad",
            "firm=Alpha,province=Northland", "plant=Gamma", '"Gamma"', "destination=market", "sea", "Nobody",
            "")  # fmt: skip
_NUMBERS = ("0", "1", "0.5", "2", "10", "100", "1000", "1500", "1e6", "0.9", "1.1", "-1", "0.01", "50")


def overrides(draw: Random) -> tuple[str, ...]:
    """Return one to three overrides, most of them nearly right."""
    return tuple(_override(draw) for _ in range(draw.choice((1, 1, 1, 2, 3))))


def _override(draw: Random) -> str:
    number = draw.choice(_NUMBERS) if draw.random() < 0.5 else some_number(draw)
    if draw.random() < 0.05:
        number = some_text(draw)
    text = f"{_path(draw)}{draw.choice(('=', '=', '+=', '*=', ' = ', '==', ':='))}{number}"
    return edited(draw, text) if draw.random() < 0.2 else text


def _path(draw: Random) -> str:
    if draw.random() < 0.5:
        names = (*NUMBERS, "noise.common_cur_per_t", "vat_rate", "date", "plants", "currency", "meeting.rule")
        return draw.choice(names).replace("_cur", draw.choice(("_eur", "_eur", "_eur", "", "_cny")))
    noun = draw.choice(tuple(_NOUNS))
    columns = (*TABLES[_NOUNS[noun]].model_fields, "alumina_use_t_per_t", "alumina_price_cur_per_t",
               "input[alumina].price_per_unit", "input[x].y", "name")  # fmt: skip
    member = draw.choice(_MEMBERS) if draw.random() < 0.9 else draw.choice(NAMES)
    return f"{noun}[{member}].{draw.choice(columns)}".replace("_cur", "_eur")


_VALUES = ("-1", "0", "1", "7", "8", "0.5", "1e9", "1e308", "-1e308", "nan", "inf", "-inf", "1e999", "", " ", "x", "٣",
           "9" * 400, "0x10", "1,5", "-0", "1e-300", "None", "\x1b[31m", "2" * 30)  # fmt: skip
_REFUSED = ("-1", "nan", "-inf", "", "x", "1,5", "None", "\x1b[31m", "-1e308", "9" * 30)
"""Values that no option with a number or a word takes."""
_COMMANDS = {
    "costs": ("--price", "--measure", "--gross", "--rows", "--table"),
    "stops": ("--rows", "--table"),
    "market": ("--concept", "--members", "--theta", "--cost", "--chain", "--no-chain", "--rows"),
    "record": ("--rows",),
    "check": ("--strict",),
}
_WORDS = {
    "--measure": ("cash", "full", "x"),
    "--concept": ("competitive", "cournot", "conjectural", "cartel", "leader", "monopoly"),
    "--members": ("Alpha", "Alpha,Gamma", '"Alpha', "Nobody", "", "Delta Rolling", ",,"),
    "--cost": ("stopping", "cash", "x"),
    "--table": ("all", "plants", "x"),
}
_FLAGS = ("--gross", "--chain", "--no-chain", "--strict")
_PLANES = ("stated", "1..2", "2..1", "nan..1", "0..1e300", "-1..1", "x", "", "1..1")
_SLOW = {
    "meeting": ("--rule", "--institution", "--if-below", "--within", "--draws", "--rows", "--map"),
    "window": ("--rule", "--price", "--rows"),
    "remedy": ("--rule", "--premium", "--rows"),
    "run": ("--draws",),
}
"""Commands that take seconds to answer, and their options: asked with a value that none of these takes."""


def command_line(draw: Random) -> tuple[str, ...]:
    """Return a command line about CASE, most of its options with a number out of range."""
    command = draw.choice((*_COMMANDS, *_SLOW))
    if command in _SLOW:
        option = draw.choice(_SLOW[command])
        if option == "--map":
            return command, "CASE", "--draws", "0", option, "restart cost", draw.choice(_PLANES), "x", "stated"
        return command, "CASE", option, draw.choice(_REFUSED)
    options = draw.sample(_COMMANDS[command], min(len(_COMMANDS[command]), draw.choice((1, 1, 2))))
    if draw.random() < 0.1:
        options = [draw.choice(("--nothing", "--help", "-q", "--json", "--price", "--draws"))]
    found = [command, "CASE"]
    for option in options:
        found.append(option)
        if option not in (*_FLAGS, "-q", "--json", "--help"):
            found.append(draw.choice(_WORDS.get(option, _VALUES) if draw.random() < 0.9 else _VALUES))
    if draw.random() < 0.2:
        found += ["--set", _override(draw)]
    return tuple(found)
