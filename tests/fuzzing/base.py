"""What is mutated: the files of the starter case, and the same with every other table that a case may have."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from potline.cases import new

Files = dict[str, bytes]

_TABLES = {
    "ore.csv": "ore,kind,province,cif_usd_per_t,cost_eur_per_t,capacity_kt,source,standing\n"
    "Abroad,imported,Southland,50,40,900 in 800..1000,example,assumed\n"
    "Hills,local,Northland,,45,,example,assumed\n"
    "Dales,local,Southland,,48,5000,example,assumed\n",
    "chain_routes.csv": "route,product,origin,destination,freight_eur_per_t,capacity_kt,lag_months,source,standing\n"
    "sea,alumina,abroad,Harbour,0,,2,example,assumed\n"
    "harbour,alumina,Harbour,Southland,20,,,example,assumed\n"
    "north,alumina,Southland,Northland,30 in 25..40,2000,,example,assumed\n"
    "south,alumina,Northland,Southland,30,,,example,assumed\n"
    "metal north,aluminium,Northland,market,25,,,example,assumed\n"
    "metal south,aluminium,Southland,market,15,,,example,assumed\n"
    "metal abroad,aluminium,abroad,market,0,,1,example,assumed\n",
    "projects.csv": "project,province,firm,capacity_kt,start,source\n"
    "Delta 1,Southland,Delta Rolling,90,2021-06,example\n",
    "series.csv": "series,month,value,note\nlme_aluminium_usd_per_t,2019-11,1760,\n"
    'lme_aluminium_usd_per_t,2019-12,1740..1760,"two, not one"\nlme_aluminium_usd_per_t,2020-01,1750,\n',
    "suppliers.csv": "supplier,province,capacity_kt,cash_cost_eur_per_t,ore,delivery_eur_per_t,"
    "ore_use_t_per_t,added_kt,source\nNorth refinery,Northland,900,255,local,10,2.4,0,example\n"
    "South refinery,Southland,700,270,local,10,2.5,50,example\n"
    "Coast refinery,Southland,600,285,imported,10,2.2,0,example\n",
    "policies.csv": "policy,kind,province,firm,amount,unit,price_eur_per_t,start,end,in_force,source,standing,note\n"
    "Southland power support,power_subsidy,Southland,,0.004,EUR/kWh,,2019-07,,yes,example,assumed,\n"
    "Grant,lump_sum,Northland,Beta Smelting,6,m EUR/year,,2019-03,2020-12,yes,example,assumed,\n"
    "Stock,state_purchase,,Alpha;Gamma,40,kt,1500,2019-12,,no,example,assumed,\n",
}
_KT = '{ unit = "kt/year", vat = "none", source = "example", standing = "assumed" }'
_MONEY = '{ unit = "EUR/t", vat = "excluded", source = "example", standing = "assumed" }'
_SAID = 'source = "example"\nstanding = "assumed"'
_MORE = f"""
[columns.suppliers.delivery_eur_per_t]
unit = "EUR/t"
vat = "excluded"
source = "example"
standing = "assumed"

[columns.suppliers.ore_use_t_per_t]
unit = "t/t"
vat = "none"
source = "example"
standing = "assumed"

[columns.suppliers.added_kt]
unit = "kt/year"
vat = "none"
source = "example"
standing = "assumed"

[columns.ore]
cif_usd_per_t = {{ unit = "USD/t", vat = "none", source = "example", standing = "assumed" }}
cost_eur_per_t = {_MONEY}
capacity_kt = {_KT}

[columns.chain_routes]
freight_eur_per_t = {_MONEY}
capacity_kt = {_KT}
lag_months = {{ unit = "months", vat = "none", source = "example", standing = "assumed" }}

[columns.projects]
capacity_kt = {_KT}

[columns.policies]
price_eur_per_t = {_MONEY}

[meeting.stated_cuts_kt]
Alpha = 30
"Beta Smelting" = 0
Gamma = 20

[outcome]
decision = "pledge"
summary = "example, not data"
price_after_month = "2020-07"
source = "example"
standing = "assumed"
pledged_kt = {{ value = 60, unit = "kt/year", vat = "none", source = "example", standing = "assumed" }}
kept_months = {{ value = 4, unit = "months", vat = "none", source = "example", standing = "assumed" }}
price_after_eur_per_t = {{ value = 1900, unit = "EUR/t", vat = "included", source = "example", standing = "assumed" }}

[outcome.announced_kt]
Alpha = 30

[series.lme_aluminium_usd_per_t]
unit = "USD/t"
vat = "none"
source = "example"
standing = "assumed"
"""


@cache
def starter(folder: Path) -> Files:
    """Return the files of the starter case, its document without comments; ``folder`` is where it is written once."""
    new(folder)
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    text = re.sub(r"(?m)^#.*\n|[ \t]+#[^\"'\n]*$", "", files["case.toml"].decode())
    files["case.toml"] = text.encode()
    return files


@cache
def whole(folder: Path) -> Files:
    """Return the starter case with every table, a chain, an outcome and stated cuts."""
    files = starter(folder) | {name: text.encode() for name, text in _TABLES.items()}
    text = files["case.toml"].decode().replace('rule = "pro_rata"', 'rule = "pro_rata"\n' + _SAID)
    return files | {"case.toml": (text + _MORE).encode()}
