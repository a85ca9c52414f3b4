"""What a case answers of other prices, other months, and others at the table."""

from __future__ import annotations

__all__ = ["Seated", "Windowed", "prices_around"]

from dataclasses import dataclass
from typing import TYPE_CHECKING

from potline.answers.asking import Asking, computed_once, there
from potline.cases.limits import MOST_DIVIDED, MOST_GONE_THROUGH, MOST_PLANTS_HELD, MOST_SEARCHED

if TYPE_CHECKING:
    from potline.agreement import TonnageAttribution, TonnageBounds, TonnagesThatHold, TonnageWindow
    from potline.cases import Case

_STEPS = 36
_BELOW, _ABOVE = 0.98, 1.005
_AWAY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """Some owners at the table, and how large a cut would hold among them.

    Attributes:
        added: who comes to those present; nobody for those present alone.
        everyone: whether all owners that run a plant are there.
        owners: how many sit there.
        found: the sets, or, of too many owners, what was found and proven.
    """

    added: tuple[str, ...]
    everyone: bool
    owners: int
    found: TonnagesThatHold | TonnageBounds


class Windowed(Asking):
    """Adds the answers of a meeting at another price, in another month."""

    @property
    def windowed(self) -> bool:
        """Whether the case gives other prices or months, and its meeting's tonnages are divided over all draws."""
        return self.holds and self.divides and bool(self.case.quoted_prices_per_t or self.case.window)

    @computed_once
    def by_month(self) -> TonnageWindow | None:
        """The tonnages that hold month by month; None where the case gives no other months."""
        if not (self.windowed and self.case.window):
            return None
        from potline.agreement import tonnages_by_month

        self.tell("tonnages by month", 0.0)
        return tonnages_by_month(self.case)

    @computed_once
    def by_price(self) -> TonnageWindow | None:
        """The tonnages that hold at the case's price, those quoted, and evenly from below all to above all."""
        if not self.windowed:
            return None
        from potline.agreement import tonnages_by_price

        self.tell("tonnages by price", 0.0)
        return tonnages_by_price(self.case, prices_around(self.marked_prices_per_t, self.by_month))

    @computed_once
    def tonnages(self) -> TonnagesThatHold | None:
        """The tonnages that hold; None without a meeting, or with more owners than can be gone through."""
        if not self.holds:
            return None
        from potline.agreement import tonnages_that_hold

        self.tell("tonnages that hold", 0.0)
        return tonnages_that_hold(self.case)

    @computed_once
    def tonnage_attribution(self) -> TonnageAttribution | None:
        """What keeps K* small, obstacle by obstacle; None as for :attr:`tonnages`, or with more than ten owners."""
        if not (self.holds and self.ranged):
            return None
        from potline.agreement import tonnage_attribution

        self.tell("obstacles of the largest cut", 0.0)
        return tonnage_attribution(self.case)

    @computed_once
    def bounds(self) -> TonnageBounds | None:
        """What is known of the largest tonnage where more owners sit than can be gone through; None of fewer."""
        few = len(self.case.industry.plants) <= MOST_PLANTS_HELD
        if not few or not MOST_GONE_THROUGH < self.owners_at_table <= MOST_SEARCHED:
            return None
        from potline.agreement import tonnage_bounds

        self.tell("tonnages of many owners", 0.0)
        return tonnage_bounds(self.case)

    @computed_once
    def other_tables(self) -> tuple[tuple[tuple[str, ...], bool, Case], ...]:
        """Who else could come, whether that is everyone, and the case then; none where not asked. Nothing is solved."""
        if not (self.holds and self.divides):
            return ()
        from potline.agreement import everyone_at

        met = self.case.meeting.owners if self.case.meeting is not None else ()
        everyone = everyone_at(self.case)
        all_owners = everyone.meeting.owners if everyone.meeting is not None else ()
        away = self._away(met)
        found = [(away, False, self.case.joined_by(*away))] if len(met) + len(away) <= MOST_DIVIDED and away else []
        rest = tuple(owner for owner in all_owners if owner not in met)
        if len(rest) > len(away) and len(all_owners) <= MOST_SEARCHED:
            found.append((rest, True, everyone))
        return tuple(found)

    @computed_once
    def seated(self) -> tuple[Seated, ...]:
        """The meeting as it was, with the largest owners that stayed away, and with everyone; none where not asked."""
        if not self.other_tables:
            return ()
        from potline.agreement import tonnage_bounds, tonnages_that_hold

        self.tell("others at the table", 0.0)
        found = [Seated(added=(), everyone=False, owners=self.owners_at_table, found=there(self.tonnages))]
        for added, everyone, case in self.other_tables:
            owners = len(case.meeting.owners) if case.meeting is not None else 0
            verb = tonnages_that_hold if owners <= MOST_DIVIDED else tonnage_bounds
            found.append(Seated(added=added, everyone=everyone, owners=owners, found=verb(case)))
        return tuple(found)

    def _away(self, met: tuple[str, ...]) -> tuple[str, ...]:
        """Return the owners that run most of those who are not there."""
        running: dict[str, float] = {}
        for plant, owner in zip(self.case.industry.plants, self.case.industry.plant_owners, strict=True):
            if owner not in met and plant.running_kt > 0.0:
                running[owner] = running.get(owner, 0.0) + plant.running_kt
        return tuple(sorted(running, key=lambda owner: -running[owner])[:_AWAY])

    @property
    def marked_prices_per_t(self) -> tuple[float, ...]:
        """The case's price and those that its record quotes, else 2 % on either side, without tax, rising."""
        own = self.case.industry.price_per_t
        quoted = self.case.quoted_prices_per_t or (_BELOW * own, own / _BELOW)
        return tuple(sorted({own, *(price for price in quoted if abs(price - own) > 1e-9 * own)}))


def prices_around(marked_per_t: tuple[float, ...], by_month: TonnageWindow | None = None) -> tuple[float, ...]:
    """Return some prices with others evenly from below all to above all, those of the months among them."""
    months = [point.price_per_t for point in by_month.points] if by_month is not None else []
    low, high = _BELOW * min([*marked_per_t, *months]), _ABOVE * max([*marked_per_t, *months])
    return tuple(sorted({*marked_per_t, *(low + (high - low) * k / _STEPS for k in range(_STEPS + 1))}))
