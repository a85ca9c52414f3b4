"""Agreements: whether owners agree a joint cut, what stands in the way, and which cartels are stable."""

from potline.agreement.attribution import OBSTACLES, Attribution, Obstacle, attribution
from potline.agreement.cartels import cartel_stability
from potline.agreement.certificate import MeetingCertificate
from potline.agreement.meeting import meeting
from potline.agreement.result import (
    CoalitionTable,
    LoneCut,
    Margin,
    MeetingResult,
    OutsideMoney,
    OwnerRow,
    TonnageSweep,
)
from potline.agreement.sensitivity import MarginSensitivity, margin_sensitivity
from potline.agreement.share import AgreementShare, agreement_share

__all__ = [
    "OBSTACLES",
    "AgreementShare",
    "Attribution",
    "CoalitionTable",
    "LoneCut",
    "Margin",
    "MarginSensitivity",
    "MeetingCertificate",
    "MeetingResult",
    "Obstacle",
    "OutsideMoney",
    "OwnerRow",
    "TonnageSweep",
    "agreement_share",
    "attribution",
    "cartel_stability",
    "margin_sensitivity",
    "meeting",
]
