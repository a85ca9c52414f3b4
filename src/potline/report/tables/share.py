"""Tables of the draws: the share with an agreement, by institution, and every draw."""

from __future__ import annotations

__all__ = ["draws_table", "institution_sentence", "institution_table", "share_table"]

from itertools import product

from potline.agreement import AgreementShare, InstitutionShare
from potline.choices import Belief, Tested
from potline.report.saying import called, say
from potline.report.table import Reading, Table, code, col, table_of
from potline.report.words import with_error


def share_table(share: AgreementShare) -> Table:
    """Return the share of draws with an agreement under every set of rules."""
    baselines, leaving, institutions = share.baselines, share.leaving, share.institutions
    return table_of(
        product(range(len(baselines)), range(len(leaving)), range(len(institutions))),
        [
            col("institution", "", lambda at: called("institution", institutions[at[2]])),
            code("baseline", lambda at: baselines[at[0]]),
            code("leaving", lambda at: leaving[at[1]]),
            col("share", "share", lambda at: float(share.share[at]), 3),
            col("standard_error", "share", lambda at: float(share.error[at]), 3),
            col("bound_95", "share", lambda at: float(share.bound[at]), 3),
            col("infeasible_share", "share", lambda at: float(share.infeasible[at[0]]), 3),
        ],
        said="meeting.agreement_share",
        draws=share.draws,
        seed=share.seed,
    )


def draws_table(share: AgreementShare, currency: str) -> Table:
    """Return every draw: its inputs and the margins of the headline's baseline, others keeping their cut."""
    return table_of(
        range(share.draws),
        [
            col("draw", "", lambda row: row),
            *(_factor(share, place, name) for place, name in enumerate(share.factor_names)),
            *(_margin(share, place, name, currency) for place, name in enumerate(share.institutions)),
        ],
        said="meeting.draws",
    )


def _factor(share: AgreementShare, place: int, name: str) -> Reading[int]:
    return col(name, "", lambda row: float(share.factors[row, place]), 4, label=name)


def _margin(share: AgreementShare, place: int, name: Tested, currency: str) -> Reading[int]:
    label, money = called("institution", name).capitalize(), f"m {currency}/year"
    return col(
        f"{name}_margin_m_{currency.lower()}_per_year",
        money,
        lambda row: float(share.margin_m_per_year[row, 0, Belief.KEEP.place, place]),
        label=label,
    )


def institution_table(share: InstitutionShare) -> Table:
    """Return the share of draws with an agreement under institutions that look ahead or order."""
    return table_of(
        product(range(len(share.baselines)), range(len(share.institutions))),
        [
            code("institution", lambda at: share.institutions[at[1]]),
            code("baseline", lambda at: share.baselines[at[0]]),
            col("share", "share", lambda at: float(share.share[at]), 3),
            col("standard_error", "share", lambda at: float(share.error[at]), 3),
            col("bound_95", "share", lambda at: float(share.bound[at]), 3),
            col("settled_share", "share", lambda at: float(share.settled[at]), 3),
        ],
        said="meeting.institution_share",
        draws=share.draws,
        seed=share.seed,
    )


def institution_sentence(share: InstitutionShare) -> str:
    """Say in what share of the draws each of the other institutions brings an agreement, from what runs today."""
    said = [
        say(
            "meeting.in_3",
            name=name,
            with_error=with_error(float(share.share[0, k]), float(share.error[0, k]), float(share.bound[0, k])),
        )
        for k, name in enumerate(share.institutions)
    ]
    return say("meeting.of_draws_other_institutions_bring", draws=share.draws, parts=said)
