"""A generated valid case, written as tables, loads as the same nouns; a damaged case is refused, never a crash."""

from __future__ import annotations

import csv
import shutil
import string
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.cases import check, load, new
from potline.cases.cells import SMALLEST
from potline.errors import InputError
from potline.industry import Firm, Government, Input, Plant
from potline.text import neutralised

NAMES = st.text(alphabet=string.ascii_letters + " -'.()/&é铝,[]=*\"", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "A"
)
AMOUNTS = st.one_of(st.just(0.0), st.floats(min_value=SMALLEST, max_value=1e6))
SHARES = st.one_of(st.just(0.0), st.floats(min_value=SMALLEST, max_value=1.0))

PLANT_COLUMNS = {
    "other_cost_cny_per_t": "other_cost_per_t",
    "freight_cny_per_t": "freight_per_t",
    "support_cny_per_kwh": "support_per_kwh",
    "support_cny_per_t": "support_per_t",
    "lump_sum_m_cny_per_year": "lump_sum_m_per_year",
    "stop_cost_cny_per_t": "stop_cost_per_t",
    "holding_cost_cny_per_t": "holding_cost_per_t",
    "restart_cost_cny_per_t": "restart_cost_per_t",
    "exit_cost_cny_per_t": "exit_cost_per_t",
    "pressure_cny_per_t": "pressure_per_t",
    "depreciation_cny_per_t": "depreciation_per_t",
    "interest_cny_per_t": "interest_per_t",
    "line_kt": "line_kt",
}
INPUTS = {
    "electricity": ("power_use_kwh_per_t", "power_price_cny_per_kwh", "", ""),
    "alumina": tuple(f"alumina_{end}" for end in ("use_t_per_t", "price_cny_per_t", "self_supply_share",
                                                  "own_cost_cny_per_t")),
    "anode": tuple(f"anode_{end}" for end in ("use_t_per_t", "price_cny_per_t", "self_supply_share",
                                              "own_cost_cny_per_t")),
}  # fmt: skip


@st.composite
def industries(draw: st.DrawFn) -> tuple[tuple[Plant, ...], tuple[Firm, ...], tuple[Government, ...]]:
    firm_names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    owner = draw(st.sampled_from(["", firm_names[0]]))
    firms = tuple(Firm(name=name, owner=owner if name != firm_names[0] else "") for name in firm_names)
    provinces = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    governments = tuple(Government(name=name, jobs_per_kt=draw(AMOUNTS), tax_per_t=draw(AMOUNTS)) for name in provinces)
    return tuple(draw(plants(firm_names, provinces))), firms, governments


@st.composite
def plants(draw: st.DrawFn, firms: Sequence[str], provinces: Sequence[str]) -> list[Plant]:
    result: list[Plant] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)):
        capacity = draw(AMOUNTS)
        running = capacity * draw(SHARES)
        running = running if running >= SMALLEST else 0.0
        products = draw(st.lists(st.sampled_from(list(INPUTS)), unique=True))
        inputs = tuple(
            Input(product=product, use_per_t=draw(AMOUNTS), price_per_unit=draw(AMOUNTS))
            if product == "electricity"
            else Input(product=product, use_per_t=draw(AMOUNTS), price_per_unit=draw(AMOUNTS), own_share=draw(SHARES),
                       own_cost_per_unit=draw(AMOUNTS))
            for product in INPUTS if product in products
        )  # fmt: skip
        numbers = {field: draw(AMOUNTS) for field in PLANT_COLUMNS.values()}
        exit_cost = draw(st.one_of(st.just(float("inf")), AMOUNTS))
        result.append(
            Plant(
                name=name,
                firm=draw(st.sampled_from(list(firms))),
                government=draw(st.sampled_from(["", *provinces])),
                capacity_kt=capacity,
                running_kt=running,
                inputs=inputs,
                power_source=draw(st.sampled_from(["", "grid", "captive"])),
                lump_sum_pro_rata=draw(st.booleans()),
                **(numbers | {"exit_cost_per_t": exit_cost}),
            )
        )
    return result


def write_table(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows([{column: neutralised(text) for column, text in row.items()} for row in rows])


UNITS = {
    "kwh_per_t": "kWh/t", "t_per_t": "t/t", "cny_per_kwh": "CNY/kWh", "m_cny_per_year": "m CNY/year",
    "cny_per_t": "CNY/t", "share": "share", "jobs_per_kt": "jobs per kt/year", "kt": "kt/year", "elasticity": "1",
}  # fmt: skip


def unit_of(name: str) -> str:
    return next(unit for end, unit in UNITS.items() if name.strip('"').endswith(end))


def write_case(folder: Path, plants: Sequence[Plant], firms: Sequence[Firm], governments: Sequence[Government]) -> None:
    rows: list[dict[str, str]] = []
    for plant in plants:
        row = {
            "plant": plant.name,
            "firm": plant.firm,
            "province": plant.government,
            "capacity_kt": repr(plant.capacity_kt),
            "running_kt": repr(plant.running_kt),
            "power_source": plant.power_source,
            "lump_sum_pro_rata": "yes" if plant.lump_sum_pro_rata else "no",
        }
        row |= {column: repr(getattr(plant, field)) for column, field in PLANT_COLUMNS.items()}
        row |= dict.fromkeys((column for columns in INPUTS.values() for column in columns if column), "")
        row |= {columns[0]: "0" for columns in INPUTS.values()}
        for item in plant.inputs:
            values = (item.use_per_t, item.price_per_unit, item.own_share, item.own_cost_per_unit)
            row |= {column: repr(value) for column, value in zip(INPUTS[item.product], values, strict=True) if column}
        rows.append(row)
    write_table(folder, "plants", rows)
    write_table(folder, "firms", [{"firm": firm.name, "owner": firm.owner} for firm in firms])
    write_table(folder, "governments", [
        {"province": item.name, "jobs_per_kt": repr(item.jobs_per_kt), "tax_cny_per_t": repr(item.tax_per_t)}
        for item in governments
    ])  # fmt: skip
    write_table(folder, "sources", [{"source": "S", "title": "a source"}])
    columns = [f"plants.{column}" for column in dict.fromkeys(column for row in rows for column in row)]
    text = {f"plants.{name}" for name in ("plant", "firm", "province", "power_source", "lump_sum_pro_rata")}
    columns = [column for column in columns if column not in text]
    columns += ["governments.jobs_per_kt", "governments.tax_cny_per_t"]
    blocks = [f"columns.{column}" for column in columns]
    numbers = {"price_cny_per_t": 14000, '"demand.quantity_kt"': 900.5, '"demand.elasticity"': 0.4}
    lines = ['[case]\nschema = 2\nname = "made"\ntitle = "generated"\ndate = "2013-04"\ncurrency = "CNY"',
             'product = "aluminium"\nvat_rate = 0.17']  # fmt: skip
    for header, value in [*((block, None) for block in blocks), *((f"numbers.{key}", v) for key, v in numbers.items())]:
        lines.append(f'[{header}]\nunit = "{unit_of(header)}"\nvat = "none"\nsource = "S"\nstanding = "assumed"')
        lines.extend([f"value = {value}"] if value is not None else [])
    (folder / "case.toml").write_text("\n".join(lines), encoding="utf-8")


@settings(max_examples=60, deadline=None)
@given(made=industries())
def test_written_case_loads_as_the_same_nouns(
    made: tuple[tuple[Plant, ...], tuple[Firm, ...], tuple[Government, ...]],
) -> None:
    plants, firms, governments = made
    with tempfile.TemporaryDirectory() as place:
        write_case(Path(place), plants, firms, governments)
        assert check(place) == ()
        industry = load(place).industry
    assert industry.plants == plants
    assert industry.firms == firms
    assert industry.governments == governments


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "case"
    new(folder)
    return folder


JUNK = st.one_of(
    st.sampled_from(
        ["", "-1", "inf", "nan", "1..0", ",", '"', "[", "[]", "= {", "\n", "\x00", "yes", "[1, {}]", "1e400"]
    ),
    st.text(max_size=6),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), junk=JUNK)
def test_a_damaged_case_is_refused_or_loads_but_never_crashes(whole: Path, data: st.DataObject, junk: str) -> None:
    file = data.draw(st.sampled_from(sorted(item.name for item in whole.iterdir())))
    text = (whole / file).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 12))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        shutil.copytree(whole, folder)
        damaged = text[:start] + junk + text[start + length :]
        (folder / file).write_bytes(damaged.encode("utf-8", "surrogatepass"))
        problems = check(folder)
        if problems:
            with pytest.raises(InputError):
                load(folder)
        else:
            assert hash(load(folder)) == hash(load(folder))


VALUES = st.sampled_from(
    ["true", "[]", "{}", "[[1]]", "{ a = 1 }", '""', "1979-05-27", "nan", "-inf", "[1, 'x']", "''"]
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), value=VALUES)
def test_a_toml_value_of_another_type_is_refused_or_loads(whole: Path, data: st.DataObject, value: str) -> None:
    lines = (whole / "case.toml").read_text(encoding="utf-8").splitlines()
    number = data.draw(st.sampled_from([i for i, line in enumerate(lines) if " = " in line and line[0] != "#"]))
    lines[number] = f"{lines[number].split(' = ')[0]} = {value}"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        shutil.copytree(whole, folder)
        (folder / "case.toml").write_text("\n".join(lines), encoding="utf-8")
        if not check(folder):
            load(folder)
