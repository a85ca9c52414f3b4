"""How questions are asked on the command line: help, options, examples. Nothing heavy is imported here."""

from __future__ import annotations

__all__ = ["ALONE", "COSTS", "DOCUMENTED", "MARKET", "MEETING", "RECORD", "REMEDY", "STATE", "STOPS", "WINDOW"]

import click

from potline.choices import Belief, Choice, CostMeasure, IdleBelow, Institution, Rule
from potline.report.listed import Command


class _Chosen(click.Choice[str]):
    """A choice by its word, read into its type."""

    def __init__(self, kind: type[Choice]) -> None:
        super().__init__([word.value for word in kind])
        self.kind = kind

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Choice:
        return self.kind(super().convert(value, param, ctx))


_RULE = click.option(
    "--rule",
    type=_Chosen(Rule),
    help="How a cut is shared; the case's rule unless given.",
)

_IDLE_BELOW = click.option(
    "--idle-below",
    type=_Chosen(IdleBelow),
    help="What idle lines below their restart price do: not come back within the term, the most that a cut can bring, "
    "or come back with the first money more, the least.",
)

_INSTITUTIONS = {name.value.rpartition(" ")[2]: name for name in Institution}
"""An institution's name by its last word, which is what one types."""


class _Institution(click.Choice[str]):
    """An institution by its last word or its whole name, with a space, a hyphen or an underscore."""

    def __init__(self) -> None:
        super().__init__(list(_INSTITUTIONS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Institution:
        words = value.replace("-", " ").replace("_", " ").lower().split()
        known = " ".join(words) in _INSTITUTIONS.values()
        return _INSTITUTIONS[super().convert(words[-1] if known else value, param, ctx)]


_MEETING_OPTIONS = (
    _RULE,
    click.option("--tonnage", "tonnage_kt", type=float, help="The cut asked for, kt/year; the case's unless given."),
    _IDLE_BELOW,
    click.option("--everyone", is_flag=True, help="Put every owner that runs a plant at the table, 62 at most."),
    click.option(
        "--with",
        "joined",
        multiple=True,
        metavar="FIRM",
        help="Put this firm at the table too; repeatable.",
    ),
    click.option(
        "--institution",
        "institutions",
        type=_Institution(),
        multiple=True,
        help="Speak of this institution; repeatable, all unless given. With 14 owners at the table at most.",
    ),
    click.option(
        "--look-ahead", is_flag=True, help="Shares under institutions that look ahead, on a sixteenth of the draws."
    ),
    click.option(
        "--map",
        "plane",
        nargs=4,
        type=str,
        metavar="INPUT LOW..HIGH INPUT LOW..HIGH",
        help="Map the largest cut that holds, and the margin, over two inputs: paths as after --set (`*` or `+` behind "
        "a path multiplies or adds), or names of factors; `stated` for a factor's own range.",
    ),
    click.option(
        "--leaving",
        type=_Chosen(Belief),
        help="What those who stay do when one leaves, for --map, --tornado, --sensitivity, --if-below. Unless given, "
        "reoptimise for the largest cut, keep for margins, with a map beside it where the deal is off.",
    ),
    click.option("--tornado", "one_at_a_time", is_flag=True, help="Move each factor alone, and all at once."),
    click.option(
        "--sensitivity",
        "all_at_once",
        is_flag=True,
        help="Sobol indices of the largest cut that holds, on a sixteenth of the draws for each input.",
    ),
    click.option(
        "--if-below", "trigger", type=float, help="The cut waits until the price, as quoted, is at or below this."
    ),
    click.option("--within", "window", type=float, help="Years that a plan of --if-below stands; 1 unless given."),
)


COSTS = Command(
    about="""Show who loses money at a price: the cost curve of CASE, by plant, province and owner.""",
    ask="potline.questions.costs:ask",
    options=(
        click.option(
            "--price", type=float, help="Price to compare with, as quoted (with VAT); the case's unless given."
        ),
        click.option(
            "--measure",
            type=_Chosen(CostMeasure),
            default=CostMeasure.CASH.value,
            show_default=True,
        ),
        click.option("--gross", is_flag=True, help="Before support per tonne."),
    ),
    epilog="Example: potline costs china-aluminium-2013 --price 14000 --measure full",
)

STOPS = Command(
    about="""Show at which price each plant of CASE stops and restarts, and why.""",
    ask="potline.questions.stops:ask",
    epilog="Example: potline stops china-aluminium-2013 --set 'plant[*].pressure_cny_per_t=0'",
)

DOCUMENTED = Command(
    about="""Ask which lines of CASE the model would have stopped where lines did stop, were to stop, or ran on.

Events are those of documented_stops.csv, each at the price quoted then: capacity that stopped beside capacity that the
model stops, the price at which it stops as much, and what each uncertain input does to that. Nothing is fitted.""",
    ask="potline.questions.documented:ask",
    epilog="Example: potline documented china-aluminium-2013 --set 'plant[*].restart_cost_cny_per_t=150'",
)

STATE = Command(
    about="""Ask whether the lines of CASE are where their stopping and restart prices have them.

A line that runs at the price of the date says that it stops below it, one that stands idle that it restarts above. What
is said: tonnes that run without an explanation and what is missing, tonnes that stand idle below their restart price,
the prices at which the same lines would run, and the share of draws in which some line is not explained.""",
    ask="potline.questions.state:ask",
    draws=True,
    epilog="Example: potline state china-aluminium-2015",
)

ALONE = Command(
    about="""Ask what each large owner of CASE would do without any deal, and what a deal adds to that.

By owner, at the meeting or not: its best cut while nobody else cuts, what that lifts the price by and brings it, the
conduct that not cutting reveals (an upper bound), its cut where all act alone, its gain in the largest deals that hold;
and whether these still hold if outsiders answer with cuts of their own.""",
    ask="potline.questions.alone:ask",
    options=(
        click.option(
            "--least-share",
            type=click.FloatRange(0.0, 1.0),
            default=0.03,
            show_default=True,
            help="Owners with more of all running capacity are shown.",
        ),
        _RULE,
        _IDLE_BELOW,
    ),
    epilog="Example: potline alone china-aluminium-2013 --least-share 0.05",
)

MARKET = Command(
    about="""Solve the market of CASE without a deal: price, output, imports, profit, with its certificate.

Where the case has ways between places the answer goes on with its chain, everybody taking prices: the shared
input by province, where it comes from and goes, ore by source, what a cut does to its price.""",
    ask="potline.questions.market:ask",
    options=(
        click.option(
            "--concept",
            type=click.Choice(["competitive", "cournot", "conjectural", "cartel", "leader"]),
            default="competitive",
            show_default=True,
        ),
        click.option(
            "--members",
            multiple=True,
            metavar="OWNERS",
            help="Owners that act as one (cartel) or move first (leader), by commas; repeatable. A name with a comma "
            "stands alone or in double quotes.",
        ),
        _IDLE_BELOW,
        click.option("--theta", type=float, help="Conduct of every owner, for conjectural; 0.5 unless given."),
        click.option(
            "--cost",
            type=click.Choice(["stopping", "cash"]),
            help="What a line avoids by stopping: its stopping and restart price (usual where the case has a process "
            "of the price), or cash cost.",
        ),
        click.option(
            "--chain/--no-chain",
            "in_space",
            default=None,
            help="Add ore, suppliers and freight by province; where the case has chain_routes.csv unless said "
            "otherwise.",
        ),
    ),
    epilog="Examples: potline market china-aluminium-2013 --concept cournot   |   "
    "potline market china-aluminium-2013 --concept cartel --members Chalco,CPI   |   "
    "potline market china-aluminium-2013 --out chain --set 'ore[Indonesia].capacity_kt=0'",
    writes=True,
)

MEETING = Command(
    about="""Ask whether the owners at the meeting of CASE will agree a joint cut, and what stands in the way.

Words first: how large a cut would hold; then, of the tonnage asked for, the verdict, other institutions, whether the
deal would hold over time, how its gain would be divided. With --map, --tornado, --sensitivity or --if-below also what
the answer hangs on, and whether a cut that waits for a price would hold. With more than 20 owners groups are searched:
the answer says what was found to hold, and what no group can exceed. Then tables; --json holds every table.""",
    ask="potline.questions.meeting:ask",
    options=_MEETING_OPTIONS,
    draws=True,
    names_tables=True,
    rows=40,
    writes=True,
    epilog="Examples: potline meeting china-aluminium-2013 --draws 0 --set 'meeting.least_cut_kt=500'   |   "
    "potline meeting china-aluminium-2013 --draws 0 --institution farsighted --table core   |   "
    "potline meeting china-aluminium-2013 --map 'metal premium' stated meeting.least_cut_kt 100..1500 --out map   "
    "|   potline meeting china-aluminium-2013 --if-below 12500 --within 2   |   "
    "potline meeting china-aluminium-2013 --everyone",
)

RECORD = Command(
    about="""Put each published claim of CASE beside what the model computes, and its verdict beside what happened.""",
    ask="potline.questions.record:ask",
    rows=40,
    epilog="Example: potline record china-aluminium-2013 --rows 60",
)

REMEDY = Command(
    about="Ask what it would take for the owners of CASE to agree: least level, cost, who pays whom, and the frontier.",
    ask="potline.questions.remedy:ask",
    options=(
        _RULE,
        click.option("--every", is_flag=True, help="Both baselines and all ways of leaving, not only the headline's."),
        click.option(
            "--premium",
            type=float,
            help="Paid above the price for the stockpile quota, without VAT; 5 % if not given.",
        ),
    ),
    names_tables=True,
    rows=40,
    epilog="Example: potline remedy china-aluminium-2013 --every --set 'meeting.least_cut_kt=500'",
)

WINDOW = Command(
    about="""Ask at which price, and in which month, how large a cut of the meeting of CASE would hold.

A price moves the point that demand passes through, and the way from there to import parity; what runs, costs and parity
stay. Months are those of window.csv, with what it gives of each; all else is held.""",
    ask="potline.questions.window:ask",
    options=(
        click.option(
            "--price",
            "prices",
            type=float,
            multiple=True,
            help="A price to ask about, as quoted (with VAT); repeatable; the case's and those that its record quotes "
            "unless given.",
        ),
        _RULE,
        _IDLE_BELOW,
    ),
    names_tables=True,
    rows=40,
    writes=True,
    epilog="Example: potline window china-aluminium-2013 --price 14400 --price 14790",
)
