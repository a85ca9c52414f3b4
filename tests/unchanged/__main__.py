"""``python -m tests.unchanged beside OLD [NEW]`` and ``python -m tests.unchanged store WHY``."""

from __future__ import annotations

import pathlib
import sys
import tempfile

from tests.unchanged import store
from tests.unchanged.comparison import RELATIVE, differences, renamed, renames
from tests.unchanged.trees import ROOT, outputs_of, unpacked

SHOWN = 40


def beside(old: str, new: str = str(ROOT)) -> int:
    """Compare two trees to the byte on this machine, old names read as the new ones; return 1 if they differ."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        found = []
        for label, tree in (("old", old), ("new", new)):
            (place / label).mkdir()
            source = unpacked(tree, place / f"{label}-tree")
            found.append(outputs_of(source, place / label, everything=True))
    count = 0
    for case, was in found[0].items():
        for difference in differences(renamed(was, renames()), found[1][case], relative=None):
            count += 1
            if count <= SHOWN:
                print(f"{case}: {difference}")
    outputs = sum(len(case) for case in found[1].values())
    print(f"{outputs} outputs of {len(found[1])} cases; {count} cells differ" if count else f"{outputs} outputs, equal")
    return 1 if count else 0


def renew(why: str) -> int:
    """Store what this tree gives, and list what changed and why."""
    with tempfile.TemporaryDirectory() as folder:
        now = outputs_of(ROOT / "src", pathlib.Path(folder), everything=False)
    changes = {}
    for case, outputs in now.items():
        was, outputs = store.read(case), store.shortened(outputs)
        changes[case] = list(differences(was, outputs, relative=RELATIVE)) if was else []
        store.write(case, outputs)
    store.list_changes(changes, why)
    print(f"stored {len(now)} cases; {sum(map(len, changes.values()))} cells changed, listed in {store.CHANGED.name}")
    return 0


def main(arguments: list[str]) -> int:
    """Run one of the two."""
    if arguments[:1] == ["beside"] and len(arguments) in (2, 3):
        return beside(*arguments[1:])
    if arguments[:1] == ["store"] and len(arguments) == 2 and arguments[1].strip():
        return renew(arguments[1])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
