"""Checks of the answers about meetings, by code that shares nothing with what found them.

A checker reads the case itself and looks at nothing but the printed answer. What solves imports from here only the
shape of a certificate and the verbs that verify; nothing here imports what solves. Two things come from elsewhere, each
with its own certificate: what a tonne idled loses (:mod:`potline.shutdown`) and sums over coalitions
(:mod:`potline.numerics.sharing.certificate`).
"""

from potline.agreement.checks.certificate import NOTHING, Certificate, certified, registered
from potline.agreement.checks.institutions import verify_convened
from potline.agreement.checks.meeting import verify_meeting
from potline.agreement.checks.obstacles import verify_attribution
from potline.agreement.checks.shares import verify_share

__all__ = [
    "NOTHING",
    "Certificate",
    "certified",
    "registered",
    "verify_attribution",
    "verify_convened",
    "verify_meeting",
    "verify_share",
]
