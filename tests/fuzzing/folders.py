"""Mutations of a case folder: of cells, rows and columns of its tables, of its document, of bytes, of the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from random import Random

from tests.fuzzing.base import Files
from tests.fuzzing.texts import NAMES, NUMBERS, edited, scaled, some_number, some_text

Grid = list[list[str]]
NO_FILES = ("folder", "pipe", "device", "link to nothing", "link to a folder", "link to a file", "loop of links")
"""What may stand in a file's place, written ``NO_FILE`` and its name as the bytes of it."""
NO_FILE = b"\x00no file: "


def mutated(draw: Random, files: Files) -> tuple[str, Files]:
    """Return what was done to a folder, in words, and the folder."""
    done: list[str] = []
    for _ in range(draw.choice((1, 1, 1, 1, 2, 3))):
        kind = draw.choices((_table, _document, _bytes, _folder), weights=(50, 35, 10, 5))[0]
        words, files = kind(draw, dict(files))
        done.append(words)
    return " + ".join(done), files


def _named(draw: Random, files: Files, ending: str) -> str:
    names = [name for name in files if name.endswith(ending) and not files[name].startswith(NO_FILE)]
    return draw.choice([*names, *(name for name in ("plants.csv",) * 3 if name in names)]) if names else ""


def _table(draw: Random, files: Files) -> tuple[str, Files]:
    name = _named(draw, files, ".csv")
    try:
        grid = list(csv.reader(io.StringIO(files.get(name, b"").decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return _bytes(draw, files)
    if len(grid) < 2 or not all(grid):
        return _bytes(draw, files)
    change = draw.choice(_GRIDS)
    grid = change(draw, grid)
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(grid)
    files[name] = written.getvalue().encode("utf-8", "surrogatepass")
    return f"{name}: {change.__name__.strip('_')}", files


def _place(draw: Random, grid: Grid) -> tuple[int, int]:
    row = draw.randrange(1, len(grid))
    return row, draw.randrange(len(grid[row])) if grid[row] else 0


def _put(draw: Random, grid: Grid, text: Callable[[str], str]) -> Grid:
    row, column = _place(draw, grid)
    if grid[row]:
        grid[row][column] = text(grid[row][column])
    return grid


def _blank(draw: Random, grid: Grid) -> Grid:
    return _put(draw, grid, lambda _: draw.choice(("", " ", "\t", '""')))


def _number(draw: Random, grid: Grid) -> Grid:
    numbers = [(k, j) for k, row in enumerate(grid) if k for j, cell in enumerate(row) if cell[:1].isdigit()]
    if not numbers:
        return _text(draw, grid)
    row, column = draw.choice(numbers)
    grid[row][column] = some_number(draw)
    return grid


def _size(draw: Random, grid: Grid) -> Grid:
    numbers = [(k, j) for k, row in enumerate(grid) if k for j, cell in enumerate(row) if cell[:1].isdigit()]
    for row, column in draw.sample(numbers, min(len(numbers), draw.choice((1, 1, 2, 8)))):
        grid[row][column] = scaled(draw, grid[row][column])
    return grid


def _column_of_one_number(draw: Random, grid: Grid) -> Grid:
    _, column = _place(draw, grid)
    text = draw.choice(NUMBERS)
    for row in grid[1:]:
        row[column : column + 1] = [text]
    return grid


def _text(draw: Random, grid: Grid) -> Grid:
    return _put(draw, grid, lambda _: some_text(draw))


def _edited(draw: Random, grid: Grid) -> Grid:
    return _put(draw, grid, lambda text: edited(draw, text))


def _renamed(draw: Random, grid: Grid) -> Grid:
    old, new = grid[draw.randrange(1, len(grid))][0], draw.choice(NAMES)
    return [[new if cell == old else cell for cell in row] for row in grid]


def _cut_row(draw: Random, grid: Grid) -> Grid:
    row, column = _place(draw, grid)
    del grid[row][column:]
    return grid


def _longer_row(draw: Random, grid: Grid) -> Grid:
    row, column = _place(draw, grid)
    grid[row][column:column] = [some_text(draw)] * draw.choice((1, 1, 2, 500))
    return grid


def _swapped_cells(draw: Random, grid: Grid) -> Grid:
    (a, b), (c, d) = _place(draw, grid), _place(draw, grid)
    if grid[a] and grid[c]:
        grid[a][b], grid[c][d] = grid[c][d], grid[a][b]
    return grid


def _swapped_rows(draw: Random, grid: Grid) -> Grid:
    a, b = draw.randrange(len(grid)), draw.randrange(len(grid))
    grid[a], grid[b] = grid[b], grid[a]
    return grid


def _doubled_row(draw: Random, grid: Grid) -> Grid:
    at = draw.randrange(len(grid))
    return grid[: at + 1] + [list(grid[at]) for _ in range(draw.choice((1, 1, 3, 300)))] + grid[at + 1 :]


def _dropped_row(draw: Random, grid: Grid) -> Grid:
    del grid[draw.randrange(len(grid))]
    return grid if draw.random() < 0.9 else grid[:1]


def _total_row(draw: Random, grid: Grid) -> Grid:
    word = draw.choice(("Total", "Sum", "合计", "Grand total", "TOTAL:", ""))
    return [*grid, [word, *("100" if cell[:1].isdigit() else "" for cell in grid[1][1:])]]


def _title(draw: Random, grid: Grid) -> Grid:
    return [[draw.choice(("sep=", "sep=;", "Smelters of Exampleland", ""))], *grid]


def _moved_columns(draw: Random, grid: Grid) -> Grid:
    order = list(range(len(grid[0])))
    draw.shuffle(order)
    return [[row[k] if k < len(row) else "" for k in order] for row in grid]


def _dropped_column(draw: Random, grid: Grid) -> Grid:
    at = draw.randrange(len(grid[0]))
    return [row[:at] + row[at + 1 :] for row in grid]


def _doubled_column(draw: Random, grid: Grid) -> Grid:
    at = draw.randrange(len(grid[0]))
    return [row[: at + 1] + row[at:] for row in grid]


def _blank_column(draw: Random, grid: Grid) -> Grid:
    at = draw.randrange(len(grid[0]))
    return [grid[0], *([*row[:at], "", *row[at + 1 :]] for row in grid[1:])]


def _new_name(draw: Random, grid: Grid) -> Grid:
    at = draw.randrange(len(grid[0]))
    grid[0][at] = draw.choice((edited(draw, grid[0][at]), some_text(draw), grid[0][at].upper(), grid[0][at][:-1]))
    return grid


def _new_column(draw: Random, grid: Grid) -> Grid:
    names = ("id", "start_year", "lump_sum_m_eur_per_year", "exit_cost_eur_per_t", "stop_cost_eur_per_t",
             "pressure_eur_per_t", "line_kt", "commissioning_kt", "support_eur_per_kwh", "freight_eur_per_t",
             "coke_use_t_per_t", "coke_price_eur_per_t", "interest_eur_per_t", "lump_sum_pro_rata")  # fmt: skip
    text = some_number(draw)
    return [[*grid[0], draw.choice(names)], *([*row, text] for row in grid[1:])]


_GRIDS = (
    _blank, _number, *(_size,) * 12, _column_of_one_number, _text, _edited, _renamed, _cut_row,
    _longer_row, _swapped_cells, _swapped_rows, _doubled_row, _dropped_row, _total_row, _title, _moved_columns,
    _dropped_column, _doubled_column, _blank_column, _new_name, _new_column,
)  # fmt: skip


def _document(draw: Random, files: Files) -> tuple[str, Files]:
    if files.get("case.toml", NO_FILE).startswith(NO_FILE):
        return _folder(draw, files)
    lines = files["case.toml"].decode("utf-8", "replace").split("\n")
    change = draw.choice(_LINES)
    files["case.toml"] = "\n".join(change(draw, lines)).encode("utf-8", "surrogatepass")
    return f"case.toml: {change.__name__.strip('_')}", files


def _line(draw: Random, lines: list[str]) -> int:
    said = [k for k, line in enumerate(lines) if line.strip()]
    return draw.choice(said or [0])


def _value(draw: Random, lines: list[str], value: Callable[[str], str]) -> list[str]:
    said = [k for k, line in enumerate(lines) if "=" in line]
    if said:
        at = draw.choice(said)
        key, _, old = lines[at].partition("=")
        lines[at] = f"{key}= {value(old.strip())}"
    return lines


def _scaled_value(draw: Random, lines: list[str]) -> list[str]:
    said = [k for k, line in enumerate(lines) if line.startswith(("value", "vat_rate", "common_eur", "range"))]
    for at in draw.sample(said, min(len(said), draw.choice((1, 1, 2, 4)))):
        key, _, old = lines[at].partition("=")
        lines[at] = f"{key}= {scaled(draw, old.strip())}"
    return lines


def _other_number(draw: Random, lines: list[str]) -> list[str]:
    return _value(draw, lines, lambda _: draw.choice(("", '"')) + some_number(draw) + draw.choice(("", '"')))


def _other_text(draw: Random, lines: list[str]) -> list[str]:
    return _value(draw, lines, lambda _: f'"{some_text(draw)}"')


_TYPES = (
    "true", "[]", "{}", "[[]]", '["a", 1, nan]', "{ value = 1 }", "2020-01-01", "2020-01-01T00:00:00Z", "07:32:00",
    "nan", "inf", "-inf", "1e400", "0x1F", "1_000", "9" * 150, "9" * 400, '""', "[" * 30 + "]" * 30, "{ a.b.c.d = 1 }",
    '[{ name = "x" }]', '{ high = -1, med = "x", low = nan }', '{ high = 1e308 }', '[25, "x", nan, -1, 1e300]', "'''",
    '"""', '"\\u0000"', '"\\ud800"', '["Alpha"]', '["Alpha", "Alpha"]', '["Alpha", "Gamma", "Nobody"]', "[1, 2]",
)  # fmt: skip


def _other_type(draw: Random, lines: list[str]) -> list[str]:
    return _value(draw, lines, lambda _: draw.choice(_TYPES))


def _edited_line(draw: Random, lines: list[str]) -> list[str]:
    at = _line(draw, lines)
    lines[at] = edited(draw, lines[at])
    return lines


def _dropped_line(draw: Random, lines: list[str]) -> list[str]:
    at = _line(draw, lines)
    return lines[:at] + lines[at + draw.choice((1, 1, 1, 2, 6)) :]


def _doubled_lines(draw: Random, lines: list[str]) -> list[str]:
    at = _line(draw, lines)
    upto = at + draw.choice((1, 6))
    return lines[:upto] + lines[at:upto] + lines[upto:]


def _swapped_lines(draw: Random, lines: list[str]) -> list[str]:
    a, b = _line(draw, lines), _line(draw, lines)
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def _swapped_values(draw: Random, lines: list[str]) -> list[str]:
    said = [k for k, line in enumerate(lines) if "=" in line]
    if len(said) > 1:
        a, b = draw.sample(said, 2)
        (one, _, first), (two, _, second) = lines[a].partition("="), lines[b].partition("=")
        lines[a], lines[b] = f"{one}={second}", f"{two}={first}"
    return lines


def _dropped_table(draw: Random, lines: list[str]) -> list[str]:
    heads = [k for k, line in enumerate(lines) if line.startswith("[")]
    if not heads:
        return lines
    at = draw.choice(heads)
    end = next((k for k in heads if k > at), len(lines))
    return lines[:at] + lines[end:]


_MORE_LINES = (
    'unknown = "key"', "[numbers.discount]", '[numbers."process.kappa"]\nvalue = 1\nunit = "a year"\nvat = "none"\n'
    'source = "example"\nstanding = "assumed"', "[defaults.plants.other_cost_eur_per_t]\nvalue = 1",
    '[[factors]]\nname = "x"\nclaim = "price_per_t"', "[[factors]]", "[columns.nothing.x]", "a" * 300 + " = 1",
    '[[factors]]\nname = "all"\npath = "plant[*].capacity_kt"\noperation = "multiply"\nrange = "0..2"\n'
    'source = "example"\nstanding = "assumed"', "[a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r]", "x = " + "{ a = " * 20,
    '"\\u202e" = 1', '"a.b" = 1', "# note\x01", "[defaults]\nfirms = 1", '[series."x y"]\nunit = 5',
    "\n".join(f'[[factors]]\nname = "f{k}"\nclaim = "demand.elasticity"' for k in range(30)),
)  # fmt: skip


def _more_lines(draw: Random, lines: list[str]) -> list[str]:
    at = draw.choice((_line(draw, lines), len(lines)))
    return [*lines[:at], draw.choice(_MORE_LINES), *lines[at:]]


_LINES = (
    *(_scaled_value,) * 8, _other_number, _other_number, _other_text, _other_type, _edited_line, _dropped_line,
    _doubled_lines, _swapped_lines, _swapped_values, _dropped_table, _more_lines,
)  # fmt: skip


def _bytes(draw: Random, files: Files) -> tuple[str, Files]:
    name = _named(draw, files, "")
    if not name:
        return _folder(draw, files)
    data = files[name]
    text = data.decode("utf-8", "replace")
    at = draw.randint(0, len(data))
    way = draw.randrange(12)
    if way < 4:
        encoding = ("utf-16", "utf-8-sig", "utf-32", "cp1252")[way]
        data = (text + "é,Gießen,Norf\n").encode(encoding, "replace")
    elif way == 4:
        data = (text + "抚顺铝厂,中国铝业\n").encode("gb18030")
    elif way == 5:
        data = text.replace("\n", draw.choice(("\r\n", "\r", "\n\r", "\u2028", "\x0b"))).encode()
    elif way == 6:
        data = data[:at] + bytes(draw.randrange(256) for _ in range(draw.choice((1, 1, 4, 100)))) + data[at:]
    elif way == 7:
        data = data[:at]
    elif way == 8:
        data = data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
    elif way == 9:
        data = text.replace(",", draw.choice((";", "\t", "|", ",,"))).encode()
    elif way == 10:
        data = data[:at] + draw.choice((b'"', b"'", b"\x00", b"\n" * 1000, b"," * 1000, b"\x1b]0;x\x07")) + data[at:]
    else:
        data = b"" if draw.random() < 0.3 else data + data[at:]
    files[name] = data
    return f"{name}: bytes {way}", files


def _folder(draw: Random, files: Files) -> tuple[str, Files]:
    name = draw.choice(sorted(files))
    way = draw.choice(("dropped", "copied", "stray", *NO_FILES))
    if way == "dropped":
        del files[name]
    elif way == "copied":
        files[draw.choice(sorted(files))] = files[name]
    elif way == "stray":
        files[draw.choice(("plnats.csv", "x.csv", ".hidden.csv", "~lock.csv", "notes.txt", "PLANTS.CSV"))] = files[name]
    else:
        files[name] = NO_FILE + way.encode()
    return f"{name}: {way}", files
