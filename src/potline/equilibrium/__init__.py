"""One market at one date: concepts, the verb ``solve``, and the certificate."""

from potline.equilibrium.avoidable import avoidable_cost
from potline.equilibrium.certificate import Certificate
from potline.equilibrium.chain import ChainRelief, ChainResult, chain, chain_relief
from potline.equilibrium.concepts import (
    Avoidable,
    Cartel,
    CashCost,
    Competitive,
    Concept,
    Conjectural,
    Cournot,
    JointCap,
    Leader,
    Stage,
    StopAndRestart,
    Successive,
    Sweep,
    Tolerance,
)
from potline.equilibrium.game import NoAnswer
from potline.equilibrium.input_market import InputMarketResult, input_relief, solve_input_market
from potline.equilibrium.lines import solve_lines
from potline.equilibrium.lines_result import LinesEquilibrium
from potline.equilibrium.network.certificate import Accuracy
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.shortage import ShortageProof
from potline.equilibrium.network.verb import solve
from potline.equilibrium.result import MarketEquilibrium
from potline.verification import verify

__all__ = [
    "Accuracy",
    "Avoidable",
    "Cartel",
    "CashCost",
    "Certificate",
    "ChainRelief",
    "ChainResult",
    "Competitive",
    "Concept",
    "Conjectural",
    "Cournot",
    "InputMarketResult",
    "JointCap",
    "Leader",
    "LinesEquilibrium",
    "MarketEquilibrium",
    "NetworkEquilibrium",
    "NoAnswer",
    "ShortageProof",
    "Stage",
    "StopAndRestart",
    "Successive",
    "Sweep",
    "Tolerance",
    "avoidable_cost",
    "chain",
    "chain_relief",
    "input_relief",
    "solve",
    "solve_input_market",
    "solve_lines",
    "verify",
]
