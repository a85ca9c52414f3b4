"""Kinds of charts, drawn from plain rows: waterfalls, tiles, blocks along an axis, lines, dots."""

from potline.report.drawings.blocks import Block, Level, blocks, parted
from potline.report.drawings.dots import DotRow, dots
from potline.report.drawings.ladder import ladder
from potline.report.drawings.lines import Line, band_rows, lines
from potline.report.drawings.tiles import TileCell, province_map, tile_table
from potline.report.drawings.waterfall import Step, waterfall

__all__ = [
    "Block",
    "DotRow",
    "Level",
    "Line",
    "Step",
    "TileCell",
    "band_rows",
    "blocks",
    "dots",
    "ladder",
    "lines",
    "parted",
    "province_map",
    "tile_table",
    "waterfall",
]
