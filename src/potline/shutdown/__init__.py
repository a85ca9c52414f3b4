"""Stopping and restarting: the price at which each plant stops, restarts and closes, and why it is where it is."""

from potline.shutdown.idling import IdlingLosses, idling_losses
from potline.shutdown.price_process import PriceEstimate, estimate_price_process
from potline.shutdown.stopping import StoppingPrices, stopping_prices
from potline.shutdown.verify import SwitchingCertificate, verify_switching
from potline.shutdown.waterfall import COMPONENTS, Waterfall, stopping_waterfall

__all__ = [
    "COMPONENTS",
    "IdlingLosses",
    "PriceEstimate",
    "StoppingPrices",
    "SwitchingCertificate",
    "Waterfall",
    "estimate_price_process",
    "idling_losses",
    "stopping_prices",
    "stopping_waterfall",
    "verify_switching",
]
