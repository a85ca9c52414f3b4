"""ore.csv and chain_routes.csv: read where they are there, and every problem named by file, row and column."""

import shutil

import pytest

from potline.cases import check, load
from potline.cases.folders import shipped_folder

CASE = "china-aluminium-2013"


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "case"
    shutil.copytree(str(shipped_folder(CASE)), target)
    return target


def changed(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in check(folder)]


def test_the_chain_is_read_with_claims():
    case = load(CASE)
    market = case.industry.input_market
    assert {item.name for item in market.ore} >= {"Indonesia", "Australia", "Port stocks"}
    claim = case.claims["route[alumina Guangxi to Xinjiang].freight_per_t"]
    assert (claim.low, claim.high, claim.vat, claim.standing) == (590.0, 770.0, "included", "assumed")
    way = next(item for item in market.routes if item.name == "alumina Guangxi to Xinjiang")
    assert way.freight_per_t == pytest.approx(680.0 / 1.17)
    assert case.claims["ore[Indonesia].capacity_kt"].low == 27_900.0
    freights = [item for item in case.claims if item.path.startswith("route[") and item.path.endswith("freight_per_t")]
    on_top = [item.path for item in freights if item.value == 0.0]
    assert on_top == [f"route[{way.name}].freight_per_t" for way in market.routes if way.origin == "abroad"]
    assert all(item.standing == "assumed" and item.low < item.high for item in freights if item.path not in on_top)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "chain_routes.csv",
            "alumina Shandong to Henan,alumina,Shandong,Henan",
            "alumina Shandong to Henan,alumina,Shandong,Hennan",
            "chain_routes.csv row 7, column destination: found unknown place 'Hennan'; needed a province of "
            "governments.csv, a port or `market`. Did you mean 'Henan'?",
        ),
        (
            "chain_routes.csv",
            "alumina Shandong to Henan,alumina,Shandong,Henan",
            "alumina Shandong to Henan,aluminum,Shandong,Henan",
            "chain_routes.csv row 7, column product: found unknown product 'aluminum'; needed alumina or aluminium. "
            "Did you mean 'aluminium'?",
        ),
        (
            "chain_routes.csv",
            "alumina Shandong to Henan,alumina,Shandong,Henan",
            "alumina Shandong to Henan,alumina,Henan,Henan",
            "chain_routes.csv row 7, column destination: found a way from 'Henan' to itself; needed another place.",
        ),
        (
            "chain_routes.csv",
            "alumina Shandong to Henan,alumina,Shandong,Henan",
            "second way,alumina,Shandong,Shanxi",
            "chain_routes.csv row 8, column destination: found alumina from 'Shandong' to 'Shanxi' again (first in row "
            "7); needed each pair of places once for a product.",
        ),
        (
            "ore.csv",
            "Henan ore,domestic ore,Henan",
            "Henan ore,domestic ore,Shanxi",
            "suppliers.csv row 8, column ore: found 'domestic ore', which supplier 'Henan 1' uses and nothing "
            "brings to 'Henan'; needed a row of ore.csv of that kind and province. Or leave ore_use_t_per_t "
            "blank.",
        ),
        (
            "ore.csv",
            "Indonesia,imported ore,Shandong,54.1",
            "Indonesia,imported ore,Shandong,-54.1",
            "ore.csv row 2, column cif_usd_per_t: found -54.1 for ore 'Indonesia'; needed 0 or more.",
        ),
    ],
)
def test_problems_are_named(folder, file, old, new, problem):
    assert problem in changed(folder, file, old, new)


def test_a_chain_without_a_shared_input_is_refused(tmp_path):
    from potline.cases import new

    target = tmp_path / "bare"
    new(target)
    (target / "ore.csv").write_text("ore,kind,province\nmine,ore,Northland\n", encoding="utf-8")
    text = (target / "case.toml").read_text(encoding="utf-8")
    assert "ore.csv" not in text
    assert all("ore.csv" in str(problem) for problem in check(target))
