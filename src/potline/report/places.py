"""Where provinces stand on a tile map, one square a province, so that small ones can be read."""

from __future__ import annotations

__all__ = ["Tile", "below_the_map", "tiles_for"]

from collections.abc import Iterable
from dataclasses import dataclass

from potline.report.saying import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A square of the map: province, column from the west, row from the north, and whether the map knows it.

    Examples:
        >>> Tile(name="Henan", column=6, row=3).known
        True
    """

    name: str
    column: int
    row: int
    known: bool = True


_CHINA = {
    "Xinjiang": (0, 1),
    "Tibet": (1, 3),
    "Qinghai": (2, 2),
    "Gansu": (3, 1),
    "Ningxia": (4, 2),
    "Inner Mongolia": (5, 0),
    "Shaanxi": (5, 3),
    "Shanxi": (5, 2),
    "Hebei": (6, 1),
    "Beijing": (7, 1),
    "Tianjin": (8, 2),
    "Heilongjiang": (8, -1),
    "Jilin": (8, 0),
    "Northeast": (7, 0),
    "Liaoning": (8, 1),
    "Shandong": (7, 2),
    "Henan": (6, 2),
    "Jiangsu": (7, 3),
    "East coast": (8, 3),
    "Shanghai": (8, 3),
    "Anhui": (7, 4),
    "Zhejiang": (8, 4),
    "Fujian": (8, 5),
    "Jiangxi": (7, 5),
    "Hubei": (6, 3),
    "Hunan": (6, 4),
    "Chongqing": (5, 4),
    "Sichuan": (4, 3),
    "Guizhou": (5, 5),
    "Yunnan": (4, 5),
    "Guangxi": (6, 6),
    "Guangdong": (7, 6),
    "Hainan": (6, 7),
}


def tiles_for(names: Iterable[str], *, wide: int = 6) -> tuple[Tile, ...]:
    """Return one tile a name: where the province stands, or a row of their own below the map for other names.

    Two names that share a square (or a name the map does not know) are moved to that lower row. Where the map knows
    none, ``wide`` stand in a row.

    Examples:
        >>> [(tile.name, tile.column, tile.known) for tile in tiles_for(["Henan", "Elsewhere"])]
        [('Henan', 0, True), ('Elsewhere', 0, False)]
    """
    wanted = list(dict.fromkeys(names))
    taken: set[tuple[int, int]] = set()
    placed: list[Tile] = []
    loose: list[str] = []
    for name in wanted:
        square = _CHINA.get(name)
        if square is None or square in taken:
            loose.append(name)
            continue
        taken.add(square)
        placed.append(Tile(name=name, column=square[0], row=square[1]))
    west = min((tile.column for tile in placed), default=0)
    north = min((tile.row for tile in placed), default=0)
    south = max((tile.row for tile in placed), default=-1)
    moved = [Tile(name=tile.name, column=tile.column - west, row=tile.row - north) for tile in placed]
    below = south - north + 1 if placed else 0
    wide = max((tile.column for tile in moved), default=wide - 1) + 1
    lower = [
        Tile(name=name, column=place % wide, row=below + place // wide, known=False) for place, name in enumerate(loose)
    ]
    return (*moved, *lower)


def below_the_map(names: Iterable[str]) -> str:
    """Return a sentence that explains tiles with no square of their own; empty where all have one, or none has.

    Examples:
        >>> below_the_map(["Henan", "mixed"])
        ' Below the map: mixed, which governments.csv of the case explains.'
    """
    tiles = tiles_for(names)
    loose = [tile.name for tile in tiles if not tile.known]
    if not loose or len(loose) == len(tiles):
        return ""
    return " " + say("page.below_the_map", loose=loose)
