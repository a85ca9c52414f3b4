"""What a deal, cheating on it and its end bring each member: the stakes of enforcement."""

from __future__ import annotations

__all__ = ["DealPayoffs"]

import math
from collections.abc import Iterable
from typing import Annotated

from potline.errors import Problem
from potline.reading import Name, NonNegative, Within, noun
from potline.showing import Shown

Amounts = tuple[float, ...]
Costs = tuple[NonNegative, ...]


@noun
class DealPayoffs(Shown):
    """Payoffs of the members of a deal, millions a year (one-off costs: millions), in the order of ``owners``.

    Attributes:
        owners: members.
        coordinate_m: while all keep the deal.
        defect_m: of one who cheats while the others keep it.
        punish_m: of that one ever after.
        restart_cost_m: paid once to cheat; zeros where none.
        stick_m, stick_defect_m: of each while all carry out a stick, and if it shirks; none: ``punish_m`` twice.
        idle_on_m: of one who keeps its part of the deal when all others have given it up; none where not known.
        punisher_cost_m: what it pays once to give it up as well.
        price_per_t: in the deal.
        cheat_price_per_t: when each cheats; none where not known.

    Raises:
        InputError: lengths differ, a number is missing or a cost is negative.

    Examples:
        >>> deal = DealPayoffs(owners=("A", "B"), coordinate_m=(3.0, 3.0), defect_m=(5.0, 5.0), punish_m=(1.0, 1.0))
        >>> deal.restart_cost_m
        (0.0, 0.0)
    """

    owners: tuple[Name, ...]
    coordinate_m: Amounts
    defect_m: Amounts
    punish_m: Amounts
    restart_cost_m: Costs = ()
    stick_m: Amounts = ()
    stick_defect_m: Amounts = ()
    idle_on_m: Amounts = ()
    punisher_cost_m: Costs = ()
    price_per_t: Annotated[float, Within(missing=True)] = math.nan
    cheat_price_per_t: Amounts = ()

    def __post_init__(self) -> None:
        """Fill in what is zero."""
        if not self.restart_cost_m:
            object.__setattr__(self, "restart_cost_m", (0.0,) * len(self.owners))
        if not self.punisher_cost_m:
            object.__setattr__(self, "punisher_cost_m", self.restart_cost_m)
        if not self.stick_m:
            object.__setattr__(self, "stick_m", self.punish_m)
            object.__setattr__(self, "stick_defect_m", self.punish_m)

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where nobody is a member, and for each list that is not as long as the members."""
        size = len(self.owners)
        if size == 0:
            yield Problem(where="deal, owners", found="nobody", needed="one member or more")
        for name in (
            "coordinate_m", "defect_m", "punish_m", "restart_cost_m", "stick_m", "stick_defect_m", "idle_on_m",
            "punisher_cost_m", "cheat_price_per_t",
        ):  # fmt: skip
            values: Amounts = getattr(self, name)
            if len(values) != size and (values or name not in ("idle_on_m", "cheat_price_per_t")):
                yield Problem(where=f"deal, {name}", found=f"{len(values)} numbers", needed=f"{size}")
