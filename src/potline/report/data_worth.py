"""What the data are worth: how far each input moves the largest cut, how sure it is, and where to replace it."""

from __future__ import annotations

__all__ = ["InputWorth", "first_sentence", "worth_of"]

from dataclasses import dataclass
from typing import TYPE_CHECKING

from potline.cases.currency_names import to_field
from potline.cases.paths import members_of
from potline.industry import parse_path, selector
from potline.report.saying import say

if TYPE_CHECKING:
    from potline.agreement import TonnageTornado
    from potline.cases import Case
    from potline.cases.inputs import NamedInput
    from potline.sources import Claim, Standing

FIRST = 5
_NO_SWING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class InputWorth:
    """One input: how far it moves the largest cut that holds, and what would replace it.

    Attributes:
        input: its name.
        swing_kt: the largest cut over its range, at its largest less at its smallest, kt/year.
        standing, source: of its range.
        edit_at: the line of ``case.toml``, or the column of a table, that holds it.
        numbers: how many numbers of the case it moves.
    """

    input: str
    swing_kt: float
    standing: Standing
    source: str
    edit_at: str
    numbers: int

    @property
    def replaceable(self) -> bool:
        """Whether a published number could take its place: it moves the largest cut, and is none itself."""
        return self.standing in ("assumed", "derived", "disputed") and self.swing_kt > _NO_SWING


def worth_of(found: TonnageTornado) -> tuple[InputWorth, ...]:
    """Return a line an input, in the order of the tornado."""
    return tuple(_line(found.case, row.input, row.swing_kt) for row in found.rows)


def first_sentence(found: TonnageTornado) -> str:
    """Say which inputs that are not published move the largest cut most, and where each stands; empty for none."""
    rows = [one for one in worth_of(found) if one.replaceable][:FIRST]
    named = [
        say("inputs.worth_one", input=one.input, swing=one.swing_kt, standing=one.standing, edit_at=one.edit_at)
        for one in rows
    ]
    return say("inputs.worth_first", named=named, count=len(rows)) if rows else ""


def _line(case: Case, item: NamedInput, swing_kt: float) -> InputWorth:
    factor = next((one for one in case.factors if one.name == item.name), None)
    claims = _claims(case, item.path)
    own = claims[0] if len(claims) == 1 else None
    standing, source = (own.standing, own.source) if own is not None else ("assumed", "")
    if factor is not None:
        standing, source = factor.standing, factor.source
    return InputWorth(
        input=item.name,
        swing_kt=swing_kt,
        standing=standing,
        source=source,
        edit_at=_place(case, item.path, claims),
        numbers=max(1, len(claims)),
    )


def _claims(case: Case, path: str) -> list[Claim]:
    """Return the numbers of the case that a path reaches: one of all that it names, or one a member."""
    own = next((claim for claim in case.claims if claim.path == path), None)
    members, _, field = path.rpartition("].")
    if own is not None or not members:
        return [] if own is None else [own]
    asked = parse_path(path)
    reached = {
        f"{asked.noun}[{selector(one.name)}].{field}"
        for one in members_of(case.industry, asked.noun)
        if asked.selects(one)
    }
    return [claim for claim in case.claims if claim.path in reached]


def _place(case: Case, path: str, claims: list[Claim]) -> str:
    if len(claims) == 1:
        return claims[0].where
    if not claims:
        return say("inputs.worth_factor")
    table, field = claims[0].where.partition(".csv")[0], path.rpartition("].")[2]
    columns = [name for name, _ in case.bases if name.partition(".")[0] == table]
    own = next((name for name in columns if _field(name.partition(".")[2], case.currency) == field), f"{table}.{field}")
    return say("inputs.worth_column", column=own)


def _field(column: str, currency: str) -> str:
    return to_field(column, currency).replace("_cur_", "_")
