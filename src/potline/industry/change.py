"""The one way to change the world: a path, an operation and a value.

Overrides of the command line, policies, removal of obstacles and random draws are all changes. A path names a
field of the industry (``discount_rate``), of one of its parts (``demand.elasticity``, ``trade.parity.fob_usd_per_t``,
``process.volatility``, ``input_market.price_per_t``) or of some of its members::

    plant[Fushun].restart_cost_per_t          one plant
    plant[*].exit_cost_per_t                  all plants
    plant[firm=Chalco].pressure_per_t         by a field; several joined by commas
    plant[power_source=grid].input[electricity].price_per_unit
    supplier[Shandong].cash_cost_per_t, government[Henan].jobs_per_kt
    ore[Indonesia].capacity_kt, route[destination=Xinjiang].freight_per_t
    plant["Old [1969]"].capacity_kt           a name with brackets, quotes (doubled) or an equals sign

``power_price_per_kwh``, ``power_use_kwh_per_t``, and the name of another input before ``_price_per_t``,
``_use_t_per_t``, ``_self_supply_share`` or ``_own_cost_per_t`` are short for the fields of the inputs.
"""

from __future__ import annotations

__all__ = ["SELECTOR", "Change", "Operation", "Path", "input_field", "parse_path", "selector", "selector_pairs"]

import re
from collections.abc import Iterable
from typing import Literal, TypeVar

from potline.reading import Real, found_as, noun, reads, refuse

Operation = Literal["set", "add", "multiply"]
T = TypeVar("T")

_POWER = {
    "power_price_per_kwh": ("electricity", "price_per_unit"),
    "power_use_kwh_per_t": ("electricity", "use_per_t"),
}
_ENDS = {
    "use_t_per_t": "use_per_t",
    "price_per_t": "price_per_unit",
    "self_supply_share": "own_share",
    "own_cost_per_t": "own_cost_per_unit",
}
_NAMED = re.compile(rf"^(?P<product>[a-z]\w*?)_(?P<end>{'|'.join(_ENDS)})$")

_QUOTED = r'"(?:[^"]|"")*+"'
SELECTOR = rf'(?:{_QUOTED}|[^"\[\]])+'
"""A regular expression for what stands between the brackets of a path."""
_MEMBER = re.compile(
    rf"^(?P<noun>plant|government|supplier|firm|ore|route)\[(?P<selector>{SELECTOR})\]\.(?P<field>.+)$"
)
_PAIR = re.compile(rf'\s*(?P<key>\w+)\s*=\s*(?P<value>{_QUOTED}|[^"]*?)\s*(?:$|,(?=\s*\w+\s*=))')
_INPUT = re.compile(r"^input\[(?P<product>[^\]]+)\]\.(?P<field>\w+)$")


@noun
class Path:
    """A parsed path: which members (none for the industry itself), which input, which field.

    Attributes:
        noun: ``plant``, ``government``, ``supplier``, ``firm``, ``ore``, ``route`` or ``""`` for the industry and
            its parts.
        where: pairs (field, wanted value) that members must meet; empty for all.
        product: the input meant, or ``""``.
        field: field name; dotted for parts of the industry.
    """

    noun: str = ""
    where: tuple[tuple[str, str], ...] = ()
    product: str = ""
    field: str

    def selects(self, member: object) -> bool:
        """Whether a plant, supplier, firm or government is meant."""
        return all(str(getattr(member, key, "")) == wanted for key, wanted in self.where)

    def among(self, members: Iterable[T]) -> list[T]:
        """Return those of many plants, suppliers, firms or governments that are meant."""
        chosen = list(members)
        for key, wanted in self.where:
            chosen = [member for member in chosen if str(getattr(member, key, "")) == wanted]
        return chosen


@reads
def parse_path(text: str) -> Path:
    """Read a path.

    Raises:
        InputError: the text is no path.

    Examples:
        >>> parse_path("plant[Fushun].power_price_per_kwh").product
        'electricity'
        >>> parse_path("plant[firm=Chalco,government=Henan].pressure_per_t").where
        (('firm', 'Chalco'), ('government', 'Henan'))
        >>> parse_path("demand.elasticity").field
        'demand.elasticity'
    """
    match = _MEMBER.match(text)
    if match is None:
        if "[" in text or not re.fullmatch(r"[A-Za-z_][\w.]*", text):
            needed = "`field`, `part.field` or `plant[NAME].field`"
            hint = "Also plant[*], plant[firm=NAME], government[NAME], supplier[NAME]."
            raise refuse("path", found_as(text), needed, hint)
        return Path(field=text)
    where = selector_pairs(match["selector"])
    name = match["field"]
    product, field = _of_input(name) if match["noun"] == "plant" else ("", name)
    return Path(noun=match["noun"], where=where, product=product, field=field)


def _of_input(name: str) -> tuple[str, str]:
    """Return the input and its field that a field of a plant's path means; no input for the plant's own."""
    if inner := _INPUT.match(name):
        return inner["product"], inner["field"]
    if named := _NAMED.match(name):
        return named["product"], _ENDS[named["end"]]
    return _POWER.get(name, ("", name))


def input_field(product: str, field: str) -> str:
    """Return how a path calls a field of an input: in short where that reads back as the same.

    Examples:
        >>> input_field("coke", "use_per_t"), input_field("electricity", "price_per_unit")
        ('coke_use_t_per_t', 'power_price_per_kwh')
        >>> input_field("iron ore", "use_per_t")
        'input[iron ore].use_per_t'
    """
    short = [name for name, meant in _POWER.items() if meant == (product, field)]
    short += [f"{product}_{end}" for end, meant in _ENDS.items() if meant == field]
    return next((name for name in short if _of_input(name) == (product, field)), f"input[{product}].{field}")


def selector(name: str) -> str:
    """Return a name as it stands between the brackets of a path: in quotes where it would not be read as it is.

    Examples:
        >>> print(selector("Angang Steel Co., Ltd."), selector("Old [1969]"), selector('The "new" one'))
        Angang Steel Co., Ltd. "Old [1969]" "The ""new"" one"
    """
    plain = name and name == name.strip() and name != "*" and not set(name) & set('[]="')
    return name if plain else '"' + name.replace('"', '""') + '"'


def selector_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return what the selector of a path asks for: pairs (field, value), none for all; a name alone is a pair too.

    A comma separates pairs only where a field and an equals sign follow.

    Raises:
        InputError: the text is no selector.

    Examples:
        >>> selector_pairs("firm=Angang Steel Co., Ltd., government=Henan")
        (('firm', 'Angang Steel Co., Ltd.'), ('government', 'Henan'))
        >>> selector_pairs('"A=B"'), selector_pairs("*")
        ((('name', 'A=B'),), ())
    """
    text = text.strip()
    if text == "*":
        return ()
    if re.fullmatch(_QUOTED, text) or "=" not in text:
        return (("name", _unquoted(text)),)
    pairs: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _PAIR.match(text, place)
        if match is None:
            hint = "A name with any of [ ] = and quotes stands in double quotes, with quotes inside it doubled."
            raise refuse("path", found_as(text), "a name, or pairs FIELD=NAME joined by commas", hint)
        pairs.append((match["key"], _unquoted(match["value"])))
        place = match.end()
    return tuple(pairs)


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if re.fullmatch(_QUOTED, text) else text


@noun
class Change:
    """One change: set the field at ``path`` to ``value``, add the value to it, or multiply it by the value.

    Examples:
        >>> Change(path="plant[*].pressure_per_t", value=0.0)
        Change(path='plant[*].pressure_per_t', operation='set', value=0.0)
        >>> Change(path="demand.elasticity", operation="multiply", value=2.0).applied_to(0.5)
        1.0
    """

    path: str
    operation: Operation = "set"
    value: Real

    def applied_to(self, old: float) -> float:
        """Return the new value of a field whose value was ``old``."""
        if self.operation == "set":
            return self.value
        return old + self.value if self.operation == "add" else old * self.value
