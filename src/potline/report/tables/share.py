"""Tables of the draws: the share with an agreement, by institution, and every draw."""

from __future__ import annotations

__all__ = ["draws_table", "institution_sentence", "institution_table", "share_table"]

from itertools import product

from potline.agreement import AgreementShare, InstitutionShare
from potline.choices import Tested
from potline.report.table import Reading, Table, col, table_of
from potline.report.tables.institutions import INSTITUTION_NAMES
from potline.report.words import listing, with_error


def share_table(share: AgreementShare) -> Table:
    """Return the share of draws with an agreement under every set of rules."""
    baselines, leaving, institutions = share.baselines, share.leaving, share.institutions
    return table_of(
        product(range(len(baselines)), range(len(leaving)), range(len(institutions))),
        [
            col("institution", "Institution", "", lambda at: INSTITUTION_NAMES[institutions[at[2]]]),
            col("baseline", "Baseline", "", lambda at: baselines[at[0]]),
            col("leaving", "When one leaves", "", lambda at: leaving[at[1]]),
            col("share", "Share", "share", lambda at: float(share.share[at]), 3),
            col("standard_error", "Standard error", "share", lambda at: float(share.error[at]), 3),
            col("bound_95", "95 % bound where 0 or 1", "share", lambda at: float(share.bound[at]), 3),
            col("infeasible_share", "Infeasible", "share", lambda at: float(share.infeasible[at[0]]), 3),
        ],
        name="agreement_share",
        title=f"Share of {share.draws:,} draws over the stated input ranges in which an agreement exists.",
        note=f"Seed {share.seed}; standard errors from eight independent scramblings of the Sobol points. Institutions "
        "that look ahead or order are solved draw by draw, so on fewer draws: `potline meeting CASE --look-ahead`.",
    )


def draws_table(share: AgreementShare, currency: str) -> Table:
    """Return every draw: its inputs and the margins of the headline's baseline, others keeping their cut."""
    return table_of(
        range(share.draws),
        [
            col("draw", "Draw", "", lambda row: row),
            *(_factor(share, place, name) for place, name in enumerate(share.factor_names)),
            *(_margin(share, place, name, currency) for place, name in enumerate(share.institutions)),
        ],
        name="draws",
        title="Every draw: inputs as drawn, without VAT, and margins where the others keep their cut.",
    )


def _factor(share: AgreementShare, place: int, name: str) -> Reading[int]:
    return col(name, name, "", lambda row: float(share.factors[row, place]), 4)


def _margin(share: AgreementShare, place: int, name: Tested, currency: str) -> Reading[int]:
    label, money = INSTITUTION_NAMES[name].capitalize(), f"m {currency}/year"
    return col(
        f"{name}_margin_m_{currency.lower()}_per_year",
        label,
        money,
        lambda row: float(share.margin_m_per_year[row, 0, 0, place]),
    )


def institution_table(share: InstitutionShare) -> Table:
    """Return the share of draws with an agreement under institutions that look ahead or order."""
    return table_of(
        product(range(len(share.baselines)), range(len(share.institutions))),
        [
            col("institution", "Institution", "", lambda at: share.institutions[at[1]]),
            col("baseline", "Baseline", "", lambda at: share.baselines[at[0]]),
            col("share", "Share", "share", lambda at: float(share.share[at]), 3),
            col("standard_error", "Standard error", "share", lambda at: float(share.error[at]), 3),
            col("bound_95", "95 % bound where 0 or 1", "share", lambda at: float(share.bound[at]), 3),
            col("settled_share", "Outcome certain", "share", lambda at: float(share.settled[at]), 3),
        ],
        name="institution_share",
        title=f"Share of {share.draws:,} draws over the stated input ranges in which other institutions agree.",
        note=f"Seed {share.seed}. Whether others keep their cut when one leaves plays no part in them.",
    )


def institution_sentence(share: InstitutionShare) -> str:
    """Say in what share of the draws each of the other institutions brings an agreement, from what runs today."""
    said = [
        f"{name} in {with_error(float(share.share[0, k]), float(share.error[0, k]), float(share.bound[0, k]))}"
        for k, name in enumerate(share.institutions)
    ]
    return f"Of {share.draws:,} draws other institutions bring an agreement: {listing(said)}."
