"""A question from outside the package, with all it needs; no file of ours knows it."""

import click

from potline.report.blocks import paragraph
from potline.report.chart import chart
from potline.report.figure import figure
from potline.report.listed import Command, Listed
from potline.report.question import Question, Said
from potline.report.table import col, table_of
from potline.verification import Check


def plants_owned(answers):
    """How many plants each owner has."""
    owners = [answers.case.industry.owner(plant.firm) for plant in answers.case.industry.plants]
    return {owner: owners.count(owner) for owner in owners}


def tables(found, _=None):
    columns = [col("owner", "", lambda row: row[0]), col("plants_number", "plants", lambda row: row[1])]
    return [table_of(found.items(), columns, name="plants_owned", title="Plants by owner")]


def figures(found, answers):
    bars = chart([{"owner": owner, "plants": count} for owner, count in found.items()]).mark("bar")
    words = {"sentence": sentence(found), "source": answers.case.name, "units": "plants"}
    yield figure(bars.encode(y="owner:N", x="plants:Q"), name="plants_owned", title="Plants by owner", **words)


def sentence(found):
    return f"{max(found, key=found.get)} owns most plants."


def checks(found, answers):
    yield Check(name="plants counted", value=abs(sum(found.values()) - len(answers.case.industry.plants)), tolerance=0)


def ask(answers, *, loud):
    said = sentence(plants_owned(answers))
    return Said(sentences=[said.upper() if loud else said], tables=tables(plants_owned(answers)))


OWNED = Question(
    answer=plants_owned,
    tables=tables,
    figures=figures,
    checks=checks,
    numbers=lambda found, _: {"largest_owner": max(found, key=found.get)},
    verdict=lambda found, _: [sentence(found)],
    chapter="Owners",
    block=lambda found, parts: paragraph(sentence(found)) + parts.figure("plants_owned"),
)
LOUD = click.option("--loud", is_flag=True)
COMMAND = Command(about="Count the plants of each owner of CASE.", ask=f"{__name__}:ask", options=(LOUD,))
HERE = {"home": f"{__name__}:OWNED", "command": f"{__name__}:COMMAND"}
TOY = Listed(name="owned", about="who owns most plants?", verb="plants_owned", page="README.md", **HERE)
