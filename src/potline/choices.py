"""What may be chosen, each choice a type whose words stand here and nowhere else.

A word from outside (an argument, a case file, the command line) is read into its type at the edge, or refused with the
list; inside only the types travel. A member is a text, so that it prints, compares and is stored as its word.
"""

from __future__ import annotations

__all__ = [
    "TESTED",
    "Baseline",
    "Belief",
    "Choice",
    "Conduct",
    "CostMeasure",
    "Ending",
    "IdleBelow",
    "Institution",
    "Instrument",
    "Language",
    "OnFailure",
    "Party",
    "Rule",
    "StateStatus",
    "StopKind",
    "Tested",
    "Valuation",
]

from enum import StrEnum
from functools import cached_property
from typing import Literal, NoReturn, get_args

from potline.reading import did_you_mean, found_as, listed, refuse


class Choice(StrEnum):
    """One of some words.

    Raises:
        InputError: made of a word that is none of them.

    Examples:
        >>> Baseline("nash"), f"{Rule.PRO_RATA}", [*Belief]
        ('nash', 'pro_rata', ['reoptimise', 'keep', 'respread', 'collapse'])
        >>> Baseline("Nash")
        Traceback (most recent call last):
        potline.errors.InputError: Baseline: found 'Nash'; needed 'observed' or 'nash'. Did you mean 'nash'?
    """

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        near = did_you_mean(value, cls) if isinstance(value, str) else ""
        hint = near if near.startswith("Did") else ""
        raise refuse(cls.__name__, found_as(value), listed(repr(word) for word in cls), hint)

    def __repr__(self) -> str:
        """Return the word in quotes, as messages show it."""
        return repr(self.value)

    @cached_property
    def place(self) -> int:
        """Where it stands among the choices: its place along the axis of an array, its code in a kernel."""
        return list(type(self)).index(self)


class Rule(Choice):
    """How a cut is shared among those who make it.

    Pro rata to running capacity; efficient, the dearest tonnes of all of them first; or as the case states.
    """

    PRO_RATA = "pro_rata"
    EFFICIENT = "efficient"
    STATED = "stated"


class Baseline(Choice):
    """What a deal is compared with: what runs today, or cuts that no owner would change alone."""

    OBSERVED = "observed"
    NASH = "nash"


class IdleBelow(Choice):
    """What idle lines do whose restart price lies below the price at which they were seen idle.

    The two ends of what a cut can bring: they do not come back within the term, or with the first money more.
    """

    MOST = "most"
    LEAST = "least"


class StateStatus(Choice):
    """Whether the state that is seen holds.

    All lines are where their prices have them; some are not, and what they need is found; more runs than is taken.
    """

    HOLDS = "all explained"
    PARTLY = "not all explained"
    NOTHING = "nothing explains it"


class StopKind(Choice):
    """What lines are documented to have done: stopped, been announced to stop, not stopped, or restarted."""

    STOPPED = "stopped"
    PLANNED = "planned"
    RAN_ON = "ran_on"
    RESTARTED = "restarted"


class Belief(Choice):
    """What a member expects of those who stay if it leaves a deal.

    They choose anew the total that brings them most, keep their cuts, share the same tonnage, or end the deal.
    """

    REOPTIMISE = "reoptimise"
    KEEP = "keep"
    RESPREAD = "respread"
    COLLAPSE = "collapse"


class Institution(Choice):
    """What holds a deal together, or how it is made.

    Nobody is bound or paid; members may pay each other; all cut or nobody does. Owners propose in turn, or look at
    where moves end; the state buys of those who cut, or orders all to cut.
    """

    VOLUNTARY = "voluntary"
    TRANSFERS = "transfers"
    UNANIMITY = "unanimity"
    SEQUENTIAL = "sequential"
    FARSIGHTED = "farsighted"
    CONDITIONAL_STOCKPILE = "conditional stockpile"
    MANDATED = "mandated"


Tested = Literal[Institution.VOLUNTARY, Institution.TRANSFERS, Institution.UNANIMITY]
TESTED: tuple[Tested, ...] = get_args(Tested)
"""Institutions under which every group of owners has a margin, in the order of the arrays that hold them."""


class Instrument(Choice):
    """A lever that a state, or the owners themselves, could move.

    The state pays: money to each who lacks what it lacks; an amount for each tonne idled in the deal; the product of
    those who idle, bought in proportion at the price plus a stated premium, or a kt for each kt idled at a premium that
    is the level; a share of what stopping, idling and restarting cost. It takes away: a share of the support per tonne,
    of lump sums, of the pressure not to idle. Owners bind themselves: by a penalty on who leaves, for a longer term, by
    a lower discount rate. The last is a diagnostic: import parity stands higher.
    """

    TRANSFER = "transfer"
    COMPENSATION = "compensation"
    STOCKPILE_QUOTA = "stockpile quota"
    STOCKPILE_PREMIUM = "stockpile premium"
    SWITCHING_COST_PAID = "switching cost paid"
    SUPPORT_REMOVED = "support removed"
    LUMP_SUMS_REMOVED = "lump sums removed"
    PRESSURE_REMOVED = "pressure removed"
    PENALTY = "penalty"
    LONGER_TERM = "longer term"
    LOWER_DISCOUNT_RATE = "lower discount rate"
    IMPORT_CEILING_LIFTED = "import ceiling lifted"


class Conduct(Choice):
    """What the owners of an industry set in each period: how much they make, or their price."""

    QUANTITY = "quantity"
    PRICE = "price"


class Party(Choice):
    """Who pays or is paid beside the owners: the state, the fund of the members, nobody while all keep a deal."""

    STATE = "the state"
    FUND = "the common fund"
    NOBODY = "nobody unless it leaves"


class Language(Choice):
    """In which language sentences, headings and figures are; names of columns and keys are English in both."""

    ENGLISH = "en"
    CHINESE = "zh"


class OnFailure(Choice):
    """What a verb does where its certificate does not hold: raise an error, or report the answer as it is."""

    RAISE = "raise"
    REPORT = "report"


class Ending(Choice):
    """What members do when a deal ends: all restart, or each as it pays."""

    RESTART = "restart"
    BEST_RESPONSE = "best_response"


class CostMeasure(Choice):
    """Which cost: what is paid for inputs, or that with depreciation and interest."""

    CASH = "cash"
    FULL = "full"


class Valuation(Choice):
    """At what an input is valued that a firm makes itself: at its market price, or at what it costs the firm."""

    AT_MARKET = "at_market"
    AT_COST = "at_cost"
