"""``potline market``: the chain's sentences, tables and figures, and ``--set`` on ways and ore."""

import json

import pytest
from click.testing import CliRunner

from potline.cli import command

CASE = "china-aluminium-2013"


def call(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def tables_of(*arguments):
    result = call("market", CASE, "--cost", "cash", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def column(answer, table, name):
    found = answer["tables"][table]
    place = [item["name"] for item in found["columns"]].index(name)
    return {row[0]: row[place] for row in found["rows"]}


@pytest.fixture(scope="module")
def plain():
    return tables_of()


def test_the_chain_is_part_of_the_answer_where_the_case_has_ways(plain):
    assert plain["answer"][0].startswith("Competitive: ")
    assert plain["answer"][1].startswith("Chain: alumina costs ")
    wanted = {"chain_provinces", "chain_flows", "chain_ore", "chain_scenarios", "chain_relief"}
    assert wanted <= set(plain["tables"])
    assert "chain_provinces" not in tables_of("--no-chain")["tables"]


def test_set_changes_ways_ore_and_parity(plain):
    price = "input_price_quoted_cny_per_t"
    base = column(plain, "chain_provinces", price)
    dear = tables_of(
        "--set", "route[destination=Xinjiang].freight_cny_per_t+=100", "--set", "input_market.parity.fob_usd_per_t=250"
    )
    assert (
        column(dear, "chain_provinces", "parity_gap_quoted_cny_per_t")["Henan"]
        < column(plain, "chain_provinces", "parity_gap_quoted_cny_per_t")["Henan"]
    )
    far = column(tables_of("--set", "route[destination=Xinjiang].freight_cny_per_t+=100"), "chain_provinces", price)
    assert far["Xinjiang"] == pytest.approx(base["Xinjiang"] + 100.0, abs=1.0)
    ban = column(tables_of("--set", "ore[Indonesia].capacity_kt=0"), "chain_provinces", price)
    assert ban["Shandong"] > base["Shandong"] + 100.0


def test_a_wrong_way_is_explained():
    result = call("market", CASE, "--set", "route[alumina Shanxi to Gansuu].freight_cny_per_t=1")
    assert result.exit_code == 2
    assert result.stderr.strip().endswith(
        "found a path that selects no route: unknown route 'alumina Shanxi to Gansuu'; needed a route of the case. "
        "Did you mean 'alumina Shanxi to Gansu'?"
    )


def test_out_writes_figures_and_tables(tmp_path):
    out = tmp_path / "chain"
    result = call("market", CASE, "--cost", "cash", "--out", out, "--quiet", "--chain")
    assert result.exit_code == 0, result.output
    names = {path.name for path in out.iterdir()}
    assert {f"chain_{name}.{end}" for name in ("sankey", "map", "parity") for end in ("svg", "png")} <= names
    assert {"chain_provinces.csv", "chain_flows.csv", "chain_ore.csv", "chain_scenarios.csv"} <= names
    assert (out / "chain_sankey.svg").read_text(encoding="utf-8").startswith("<svg")
    assert result.output.strip().splitlines()[-1] == f"Written: {out}"


def test_a_case_without_ways_is_one_place_and_says_so_only_when_asked(tmp_path):
    folder = tmp_path / "starter"
    assert call("new", folder).exit_code == 0
    assert "chain_provinces" not in json.loads(call("market", folder, "--json").stdout)["tables"]
    asked = call("market", folder, "--chain", "--json")
    assert asked.exit_code == 0, asked.output
    assert column(json.loads(asked.stdout), "chain_provinces", "use_kt").keys() == {"everywhere"}
