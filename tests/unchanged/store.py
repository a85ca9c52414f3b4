"""The stored outputs: one compressed file a case, numbers to 10 digits; no clock time in it.

Of a list of more than LONG rows every so many are kept, and of all of them the number, a hash of the words in order and
the sum of the numbers' sizes; ``make unchanged-beside`` compares whole lists. What part of its tolerance rounding takes
in a certificate that holds is another on each machine: of that the page keeps that it holds.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import itertools
import json
import pathlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.unchanged.comparison import Difference, numbers_in, words_in

HERE = pathlib.Path(__file__).parent
STORED = HERE / "stored"
CHANGED = HERE / "changed.csv"
LONG, KEPT = 240, 120
LISTED = 60  # cells of one output that changed; of more their number
_ROUNDING = re.compile(r"^\de[-+]\d\d$(?=\nholds$)", re.MULTILINE)
_DIGITS = re.compile(r"(?<![\w.])-?\d+\.\d{6,}(?:[eE][-+]?\d+)?(?!\w)")


def read(case: str) -> dict[str, str]:
    """Return the stored outputs of a case, none where none were stored yet."""
    path = STORED / f"{case}.json.gz"
    return json.loads(gzip.decompress(path.read_bytes())) if path.exists() else {}


def write(case: str, outputs: Mapping[str, str]) -> None:
    """Store the outputs of a case, already shortened."""
    STORED.mkdir(exist_ok=True)
    short = {name: _DIGITS.sub(lambda found: f"{float(found.group()):.10g}", text) for name, text in outputs.items()}
    text = json.dumps(short, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (STORED / f"{case}.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def shortened(outputs: Mapping[str, str]) -> dict[str, str]:
    """Return outputs with long lists cut down to what is stored of them."""
    result = dict(outputs)
    for name, text in outputs.items():
        if name.endswith(".csv"):
            header, *rows = csv.reader(io.StringIO(text))
            out = io.StringIO()
            kept = _sampled(rows, ["\t".join(row) for row in rows])
            rows = [header, *(row if isinstance(row, list) else [row] for row in kept)]
            csv.writer(out, lineterminator="\n").writerows(rows)
            result[name] = out.getvalue()
        elif name.endswith(".json") and text.startswith("{"):
            result[name] = json.dumps(_short(json.loads(text)), ensure_ascii=False)
        elif name == "words/brief.txt":
            result[name] = _ROUNDING.sub("a part", text)
    return result


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return _sampled([_short(item) for item in value], [json.dumps(item, ensure_ascii=False) for item in value])
    return value


def _sampled(items: list[Any], texts: Sequence[str]) -> list[Any]:
    """Return the items, or where they are many every so many of them and three words about all."""
    if len(items) <= LONG:
        return items
    words = hashlib.sha256("\n".join("#".join(words_in(text)) for text in texts).encode()).hexdigest()[:16]
    sizes = sum(abs(number) for text in texts for number in numbers_in(text))
    step = (len(items) - 1) / (KEPT - 1)
    kept = [items[round(step * k)] for k in range(KEPT)]
    return [*kept, f"{len(items)} in all", f"words {words}", f"sizes add up to {sizes:.12g}"]


def list_changes(changes: Mapping[str, list[Difference]], why: str) -> None:
    """Write what the stored values became, each with what they were and why; of many in one output some and a count."""
    with CHANGED.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["case", "output", "place", "old", "new", "why"])
        for case, found in changes.items():
            for output, cells in itertools.groupby(found, key=lambda item: item.output):
                every = list(cells)
                rows.writerows([case, output, item.place, item.old, item.new, why] for item in every[:LISTED])
                if len(every) > LISTED:
                    rows.writerow([case, output, f"and {len(every) - LISTED} more cells", "", "", why])
