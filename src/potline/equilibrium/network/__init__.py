"""Chain and space: one declared network, solved as one convex program and certified."""

from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.intervals import PriceIntervals, price_intervals
from potline.equilibrium.network.reading_off import result_of
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.solve import solve_network
from potline.equilibrium.network.verify import verify_network

__all__ = [
    "Accuracy",
    "CompiledNetwork",
    "Kind",
    "NetworkCertificate",
    "NetworkEquilibrium",
    "PriceIntervals",
    "compile_network",
    "price_intervals",
    "result_of",
    "solve_network",
    "verify_network",
]
