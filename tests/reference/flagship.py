"""The flagship as the meeting read it at commit 482483e: sigma_H = 0, a flat ceiling, no availability.

``data/flagship_482483e.json`` holds the arrays and the answers of that commit; what is shipped may change, these not.
"""

from __future__ import annotations

__all__ = ["Flagship", "flagship"]

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.reference.game import Game
from tests.reference.market import IdleLine, Market
from tests.reference.meeting import Meeting
from tests.reference.owners import Plant
from tests.reference.prize import Prize

FILE = Path(__file__).parent / "data" / "flagship_482483e.json"


@dataclass(frozen=True)
class Flagship:
    """The file as read: its fields by name, and its plants by column."""

    fields: dict[str, Any]
    plants: dict[str, list[Any]]

    def owner_of(self, names: list[str]) -> tuple[int, ...]:
        """Return places of owners by name."""
        return tuple(self.fields["owners"].index(name) for name in names)

    def meeting(self, *, rule: str = "pro_rata", nash: bool = False) -> Meeting:
        """Return it as a meeting of the reference."""
        f, price = self.fields, float(self.fields["price_per_t"])
        plants: list[Plant] = []
        lines: list[IdleLine] = []
        for row in zip(*self.plants.values(), strict=True):
            _, name, running, idle, part, whole, stop, restart, use, potline = row
            (owner,) = self.owner_of([name])
            if running > 0.0:
                plants.append(
                    Plant(
                        owner=owner,
                        running_kt=running,
                        loss_per_t=part,
                        lump=running * (whole - part),
                        stop_per_t=stop,
                        use=use,
                        line_kt=potline,
                    )
                )
            if idle > 0.0:
                lines.append(IdleLine(owner=owner, kt=idle, need_per_t=max(restart - price, 0.0), use=use))
        prize = Prize(
            price_per_t=price,
            quantity_kt=f["quantity_kt"],
            elasticity=f["elasticity"],
            import_slope=math.inf,
            headroom_per_t=f["ceiling_per_t"] - price,
        )
        cuts = dict(f["nash_cut_kt"])
        game = Game(
            market=Market(prize, tuple(lines), tuple((x, y) for x, y in f["relief"])),
            plants=tuple(plants),
            owners=len(f["owners"]),
            annuity=f["annuity"],
            rule=rule,
            baseline_kt=tuple(cuts.get(name, 0.0) for name in f["owners"]) if nash else (),
        )
        return Meeting(game=game, present=self.owner_of(f["present"]))


def flagship() -> Flagship:
    """Read the file."""
    fields: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    columns = zip(*fields["plants"], strict=True)
    return Flagship(fields, {name: list(column) for name, column in zip(fields["plant_columns"], columns, strict=True)})
