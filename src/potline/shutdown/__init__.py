"""Stopping and restarting: the price at which each plant stops, restarts and closes, and why it is where it is."""

from potline.shutdown.answer import verify_stopping
from potline.shutdown.idling import Priced, priced_at, terms_of
from potline.shutdown.observed import ObservedState, StateShare
from potline.shutdown.policies import PolicyEffect, policy_effects
from potline.shutdown.price_checks import verify_estimate
from potline.shutdown.price_process import PriceEstimate, estimate_price_process
from potline.shutdown.reaching import chance_to_reach, price_band
from potline.shutdown.result import StoppingPrices
from potline.shutdown.state import explained, observed_state
from potline.shutdown.state_checks import verify_state
from potline.shutdown.stopping import stopping_prices
from potline.shutdown.terms import Terms, thresholds_of
from potline.shutdown.verify import SwitchingCertificate, verify_switching
from potline.shutdown.waterfall import COMPONENTS, NOT_EXPLAINED, Waterfall, stopping_waterfall

__all__ = [
    "COMPONENTS",
    "NOT_EXPLAINED",
    "ObservedState",
    "PolicyEffect",
    "PriceEstimate",
    "Priced",
    "StateShare",
    "StoppingPrices",
    "SwitchingCertificate",
    "Terms",
    "Waterfall",
    "chance_to_reach",
    "estimate_price_process",
    "explained",
    "observed_state",
    "policy_effects",
    "price_band",
    "priced_at",
    "stopping_prices",
    "stopping_waterfall",
    "terms_of",
    "thresholds_of",
    "verify_estimate",
    "verify_state",
    "verify_stopping",
    "verify_switching",
]
