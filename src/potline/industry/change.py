"""The one way to change the world: a path, an operation and a value.

Overrides of the command line, policies, removal of obstacles and random draws are all changes. A path names a
field of the industry (``discount_rate``), of one of its parts (``demand.elasticity``, ``trade.parity.fob_usd_per_t``,
``process.volatility``, ``alumina.price_per_t``) or of some of its members::

    plant[Fushun].restart_cost_per_t          one plant
    plant[*].exit_cost_per_t                  all plants
    plant[firm=Chalco].pressure_per_t         by a field; several joined by commas
    plant[power_source=grid].input[electricity].price_per_unit
    refinery[Shandong].cash_cost_per_t, government[Henan].jobs_per_kt
    bauxite[Indonesia].capacity_kt, route[destination=Xinjiang].freight_per_t

``power_price_per_kwh``, ``power_use_kwh_per_t`` and ``alumina_price_per_t`` are short for the fields of the inputs.
"""

from __future__ import annotations

__all__ = ["Change", "Operation", "Path", "parse_path"]

import re
from typing import Literal

from potline.reading import Real, found_as, noun, reads, refuse

Operation = Literal["set", "add", "multiply"]

ALIASES = {
    "power_price_per_kwh": ("electricity", "price_per_unit"),
    "power_use_kwh_per_t": ("electricity", "use_per_t"),
    "alumina_price_per_t": ("alumina", "price_per_unit"),
    "alumina_use_t_per_t": ("alumina", "use_per_t"),
    "alumina_self_supply_share": ("alumina", "own_share"),
    "alumina_own_cost_per_t": ("alumina", "own_cost_per_unit"),
}

_MEMBER = re.compile(r"^(?P<noun>plant|government|refinery|firm|bauxite|route)\[(?P<selector>.+?)\]\.(?P<field>.+)$")
_INPUT = re.compile(r"^input\[(?P<product>[^\]]+)\]\.(?P<field>\w+)$")


@noun
class Path:
    """A parsed path: which members (none for the industry itself), which input, which field.

    Attributes:
        noun: ``plant``, ``government``, ``refinery``, ``firm``, ``bauxite``, ``route`` or ``""`` for the industry and
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
        """Whether a plant, refinery, firm or government is meant."""
        return all(str(getattr(member, key, "")) == wanted for key, wanted in self.where)


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
            hint = "Also plant[*], plant[firm=NAME], government[NAME], refinery[NAME]."
            raise refuse("path", found_as(text), needed, hint)
        return Path(field=text)
    selector = match["selector"].strip()
    where: tuple[tuple[str, str], ...]
    if selector == "*":
        where = ()
    elif "=" in selector:
        pairs = (part.split("=", 1) for part in selector.split(","))
        where = tuple((pair[0].strip(), pair[-1].strip()) for pair in pairs)
    else:
        where = (("name", selector),)
    name = match["field"]
    inner = _INPUT.match(name)
    product, field = (inner["product"], inner["field"]) if inner else ALIASES.get(name, ("", name))
    return Path(noun=match["noun"], where=where, product=product, field=field)


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
