"""Lists and mapping files made wrong in every way that came to mind: an answer or our error, never a traceback."""

import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lists.answering import SMALL, answered

import potline as pot
from potline.cases import check

CELLS = st.one_of(
    st.sampled_from(
        ["", ">0", "unknown", "N/A", "1,200", "1.200,5", "900-1100", "~5", "5 Mt", "-3", "1e9", "inf", "nan",
         "=1+1", "'x",
         "operating", "closed; operating",
          "A [60%]; B [40%]", "B [120%]", "[%]", "Other [100%]", "[[", "]]", "a;b", '"', "?",
         "\u202e", "厂", "list_row", "9" * 80, "0", "Total"]
    ),
    st.text(max_size=12),
    st.integers(-5, 5000).map(str),
)  # fmt: skip
HEADINGS = st.one_of(
    st.sampled_from(["Plant", "Name", "Owner", "Parent", "Status", "Capacity (kt/y)", "Capacity", "Unit", "Country",
                     "Route",
                     "Process", "Cost USD/t", "Output", "", "Id", "plant", "capacity_kt", "note", "source"]),
    st.text(max_size=8),
)  # fmt: skip


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@st.composite
def lists(draw: st.DrawFn) -> bytes:
    width = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(CELLS, min_size=0, max_size=width + 1), min_size=0, max_size=8))
    heading = draw(st.lists(HEADINGS, min_size=width, max_size=width))
    if draw(st.booleans()):
        heading = ["Plant", "Capacity (kt/y)", *heading]
        rows = [[draw(st.sampled_from("ABCD")), draw(CELLS), *row] for row in rows]
    mark = draw(st.sampled_from([",", ";", "\t", "|"]))
    write = quoted if draw(st.booleans()) else str
    text = "\n".join(mark.join(write(cell) for cell in row) for row in [heading, *rows])
    title = draw(st.sampled_from(["", "A title\n", "\n\n", "sep=;\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"]))
    return (title + text).encode(encoding, errors="replace")


def attempt(data: bytes, name: str, spoil: random.Random) -> None:
    """Import, answer, spoil the mapping file a little, import again: a sound case or our error."""
    with tempfile.TemporaryDirectory() as place:
        file, folder = Path(place, name), Path(place, "mine")
        file.write_bytes(data)
        try:
            mapping = Path(pot.import_list(file, folder).mapping)
            text = answered(mapping.read_text(encoding="utf-8"))
            if spoil.random() < 0.5:
                lines = text.splitlines()
                number = spoil.randrange(len(lines))
                line, key = lines[number], lines[number].partition("=")[0]
                spoilt = ["", line[:-1], f"{line} #", "x = 1", "[x", line * 2, line.replace('"', "")]
                lines[number] = spoil.choice([*spoilt, key + "= []", key + '= "inf"', key + "= 7", key + '= "0..1"'])
                text = "\n".join(lines)
            mapping.write_text(text, encoding="utf-8")
            done = pot.import_list(file, folder)
        except pot.InputError as error:
            said = str(error)
        else:
            said = ""
        if said:
            assert "needed" in said
            assert not (folder / "case.toml").exists()
            return
        assert done.kept + len(done.dropped) == done.rows
        assert done.kept > 0
        assert check(folder) == ()
        assert all(plant.capacity_kt > 0.0 for plant in pot.load(folder).industry.plants)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=lists(), seed=st.integers(0, 10_000))
def test_any_list_is_imported_or_refused(data: bytes, seed: int) -> None:
    attempt(data, "list.csv", random.Random(seed))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.binary(max_size=200), name=st.sampled_from(["list.csv", "list.xlsx", "list.xls", "list.ods"]),
       seed=st.integers(0, 10_000))  # fmt: skip
def test_any_bytes_are_imported_or_refused(data: bytes, name: str, seed: int) -> None:
    attempt(data, name, random.Random(seed))
    attempt(b"PK\x03\x04" + data, name, random.Random(seed))


def test_a_sound_list_with_a_spoilt_mapping_file_is_imported_or_refused() -> None:
    for seed in range(150):
        attempt(SMALL.encode(), "list.csv", random.Random(seed))
