"""The command line: answers, clean JSON, exit codes, and never a traceback."""

import json
import shutil

import pytest
from click.testing import CliRunner

from potline.cases import load, shipped
from potline.cli import command


@pytest.fixture
def starter(tmp_path):
    from potline.cases import new

    folder = tmp_path / "starter"
    new(folder)
    return folder


def call(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_cases_lists_what_is_shipped():
    result = call("cases")
    assert result.exit_code == 0
    assert all(name in result.output for name in shipped())


def test_new_writes_a_case_that_checks_and_never_overwrites(tmp_path):
    folder = tmp_path / "mine"
    assert call("new", folder).exit_code == 0
    assert call("check", folder).exit_code == 0
    again = call("new", folder)
    assert again.exit_code == 2
    assert str(folder) in again.output


@pytest.mark.parametrize("name", ["costs", "stops", "market", "record"])
def test_json_is_one_object_and_nothing_else(starter, name):
    result = call(name, starter, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["answer"]
    assert all(table["rows"] for table in answer["tables"].values())
    assert result.stderr == ""


@pytest.mark.parametrize("name", ["costs", "stops", "market", "record"])
def test_quiet_prints_the_sentence_only(starter, name):
    result = call(name, starter, "--quiet")
    assert result.exit_code == 0
    assert len(result.output.strip().splitlines()) == 1


def test_record_sets_a_meeting_of_the_past_beside_what_happened():
    result = call("record", "china-aluminium-2013-june", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["answer"][0].startswith("What happened: a pledge.")
    assert list(answer["tables"]) == ["record", "hindcast"]


def test_everyone_puts_every_owner_that_runs_a_plant_at_the_table(starter):
    industry = load(starter).industry
    running = {industry.owner(plant.firm) for plant in industry.plants if plant.running_kt > 0.0}
    result = call("meeting", starter, "--draws", 8, "--everyone", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["tables"]["owners"]["rows"]
    assert {(row["owner"] if isinstance(row, dict) else row[0]) for row in rows} == running


def test_meeting_answers_on_the_starter(starter):
    result = call("meeting", starter, "--draws", 16, "--json")
    assert result.exit_code == 0, result.output
    tables = json.loads(result.stdout)["tables"]
    assert {"owners", "margins"} <= {name.removeprefix("meeting_") for name in tables}


def test_set_changes_the_answer_and_a_wrong_path_is_explained(starter):
    base, cheap = call("costs", starter, "-q").output, call("costs", starter, "-q", "--set", "price_usd_per_t=1").output
    case = load(starter)
    column = f"price_{case.currency.lower()}_per_t"
    low = call("costs", starter, "-q", "--set", f"{column}*=0.5")
    assert low.exit_code == 0
    assert low.output != base
    assert base != cheap
    wrong = call("costs", starter, "--set", "plant[Nowhere].capacity_kt=5")
    assert wrong.exit_code == 2
    assert "Nowhere" in wrong.output
    assert "Traceback" not in wrong.output


@pytest.mark.parametrize("concept", ["competitive", "cournot", "conjectural"])
def test_market_concepts(starter, concept):
    result = call("market", starter, "--concept", concept, "--cost", "cash", "--quiet")
    assert result.exit_code == 0, result.output
    assert concept.capitalize() in result.output


def test_cartel_and_leader_need_members(starter):
    assert call("market", starter, "--concept", "cartel").exit_code == 2
    owners = load(starter).industry.owners
    for concept in ("cartel", "leader"):
        result = call("market", starter, "--concept", concept, "--members", ",".join(owners[:2]), "-q")
        assert result.exit_code == 0, result.output


def test_run_writes_a_whole_folder_and_the_manifest_reproduces_it(starter, tmp_path):
    out = tmp_path / "run"
    result = call("run", starter, "--draws", 16, "--out", out, "--quiet")
    assert result.exit_code == 0, result.output
    assert "agree" in result.output.lower()
    assert {"brief.html", "manifest.json", "tables.xlsx", "results.json"} <= {path.name for path in out.iterdir()}
    assert list(tmp_path.glob(".run*")) == []
    kept = tmp_path / "kept"
    shutil.copytree(out, kept)
    assert call("run", starter, "--draws", 16, "--out", out, "--quiet").exit_code == 0
    for path in kept.rglob("*"):
        if path.suffix in (".csv", ".json"):
            assert (out / path.relative_to(kept)).read_bytes() == path.read_bytes(), path.name


def test_bad_input_leaves_nothing_and_exits_2(starter, tmp_path):
    plants = starter / "plants.csv"
    rows = plants.read_text(encoding="utf-8").splitlines()
    plants.write_text("\n".join([*rows, rows[1]]) + "\n", encoding="utf-8")
    out = tmp_path / "run"
    result = call("run", starter, "--out", out)
    assert result.exit_code == 2
    assert "plants.csv" in result.output
    assert "Traceback" not in result.output
    assert not out.exists()


def test_infeasible_leaves_with_3(starter):
    result = call("market", starter, "--cost", "cash", "--set", "demand.elasticity=0")
    assert result.exit_code in (2, 3)
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["meeting", "remedy", "run", "brief"])
def test_a_tonnage_that_no_group_reaches_leaves_with_3(starter, tmp_path, name):
    few = () if name == "remedy" else ("--draws", 0)
    place = ("--out", tmp_path / "out") if name in ("run", "brief") else ()
    result = call(name, starter, "--set", "meeting.least_cut_kt=100000", "--quiet", *few, *place)
    assert result.exit_code == 3, result.output
    shown = (tmp_path / "out").read_text(encoding="utf-8") if name == "brief" else result.output
    assert "100.0 Mt/year" in shown


def test_an_unknown_case_and_an_unknown_command_are_explained():
    missing = call("run", "china-aluminum-2013")
    assert missing.exit_code == 2
    assert "china-aluminium-2013" in missing.output
    wrong = call("meting", "china-aluminium-2013")
    assert wrong.exit_code == 2
    assert "meeting" in wrong.output


@pytest.mark.parametrize("name", list(command.list_commands(None)))
def test_every_help_has_an_example(name):
    result = call(name, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output


@pytest.mark.parametrize(
    ("arguments", "quiet"),
    [
        (("cases",), "\n".join(shipped()) + "\n"),
        (("check", "china-aluminium-2013"), "china-aluminium-2013 is in order.\n"),
    ],
)
def test_quiet_and_json_of_folders(arguments, quiet):
    assert call(*arguments, "--quiet").output == quiet
    result = call(*arguments, "--json")
    assert isinstance(json.loads(result.stdout), dict)
    assert result.stdout.count("\n") == 1


def test_quiet_and_json_of_a_new_case(tmp_path):
    first = call("new", tmp_path / "a", "--json")
    content = json.loads(first.stdout)
    assert content["folder"] == str(tmp_path / "a")
    assert "case.toml" in content["files"]
    assert call("new", tmp_path / "b", "-q").output == f"Wrote a starter case to {tmp_path / 'b'}.\n"


def test_meeting_says_words_first_then_tables(starter):
    result = call("meeting", starter, "--draws", 0)
    assert result.exit_code == 0, result.output
    order = [
        "An agreement exists.",
        "Of 7 institutions a cut comes about under 6",
        "Cheating never pays",
        "The group that gains most together",
        "Potline analyses agreements; making one may break competition law",
        "Owners at the table",
        "The meeting under each institution",
        "What each member has a year from keeping the deal",
        "Who pays whom by each rule",
    ]
    places = [result.output.index(words) for words in order]
    assert places == sorted(places)
    assert "Every group of two" not in result.output


def test_meeting_json_holds_every_table_and_quiet_none(starter):
    tables = json.loads(call("meeting", starter, "--draws", 0, "--json").stdout)["tables"]
    wanted = {"owners", "margins", "institutions", "incentives", "threats", "detection", "division", "core"}
    assert wanted <= set(tables)
    assert "agreement_share" not in tables
    quiet = call("meeting", starter, "--draws", 0, "--quiet").output
    assert "Owners at the table" not in quiet
    assert "making one may break competition law" in quiet


def test_meeting_speaks_of_one_institution_and_shows_one_table(starter):
    result = call("meeting", starter, "--draws", 0, "--institution", "mandated", "--table", "core")
    assert result.exit_code == 0, result.output
    assert "Ordered by the state: agreement." in result.output
    assert "Proposals in turn" not in result.output
    assert "Balanced weights" in result.output
    assert "Owners at the table" not in result.output


def test_a_table_that_is_none_and_too_few_draws_are_explained(starter):
    wrong = call("remedy", starter, "--table", "prices")
    assert wrong.exit_code == 2
    assert wrong.output == (
        "--table: found prices; needed `all` or a table: remedy_least_cost, remedy_levels, remedies, remedy_payments, "
        "remedy_frontier.\n"
    )
    few = call("meeting", starter, "--draws", 3)
    assert few.exit_code == 2
    assert "Invalid value for '--draws': found 3; needed 8 to 131072, or 0 for none" in few.output


def test_remedy_says_words_first_and_every_baseline_on_request(starter):
    result = call("remedy", starter)
    assert result.exit_code == 0, result.output
    words = result.output.index("an agreement exists without any help")
    assert words < result.output.index("Public cost of each tonnage by three payments")
    assert "making one may break competition law" in result.output
    every = call("remedy", starter, "--every", "--rows", 500)
    assert "nash" in every.output
    assert "collapse" in every.output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("remedy", "--premium", "-1"),
            "--premium: found -1; needed a number from 0 to 1e+12. "
            "It is without VAT; left out it is 5 % of the price.\n",
        ),
        (
            ("remedy", "--premium", "nan"),
            "--premium: found nan; needed a number from 0 to 1e+12. "
            "It is without VAT; left out it is 5 % of the price.\n",
        ),
        (("costs", "--price", "1e999"), "--price: found inf; needed a price above 0, as quoted with VAT."),
        (
            ("costs", "--price", "1e308", "--gross"),
            "--price: found 1e+308; needed a price above 0, of a size from 1e-9 to 1e12, as quoted with VAT.",
        ),
        (("meeting", "--draws", "0", "--if-below", "0"), "--if-below: found 0; needed a price above 0, as quoted"),
        (("meeting", "--draws", "9" * 30), f"'--draws': found {'9' * 30}; needed 8 to 131072, or 0 for none"),
        (("market", "--concept", "conjectural", "--theta", "-0.5"), "--theta: found -0.5; needed a number of 0 or"),
        (("stops", "--rows", "0"), "Invalid value for '--rows': 0 is not in the range x>=1."),
    ],
)
def test_a_number_out_of_its_range_is_refused_in_our_words(starter, asked, said):
    command_name, *options = asked
    result = call(command_name, starter, *options)
    assert result.exit_code == 2
    assert said.rstrip() in result.output
    assert "None" not in result.output
