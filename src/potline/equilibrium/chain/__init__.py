"""The chain of an industry in space: ore, suppliers, plants, ports and the market, and what relief a cut brings."""

from potline.equilibrium.chain.network import chain_network
from potline.equilibrium.chain.relief import ChainRelief, chain_relief
from potline.equilibrium.chain.result import ChainPlace, ChainResult, OreFlow
from potline.equilibrium.chain.scenarios import with_new_capacity, without_ore
from potline.equilibrium.chain.solving import chain

__all__ = [
    "ChainPlace",
    "ChainRelief",
    "ChainResult",
    "OreFlow",
    "chain",
    "chain_network",
    "chain_relief",
    "with_new_capacity",
    "without_ore",
]
