"""Lists as vendors send them, and a mapping file with every question answered."""

from pathlib import Path

import potline as pot

LIST = Path(__file__).parents[2] / "data-raw" / "published" / "steel_plants_gem_2023.csv"
SMALL = (
    "Works,Company,Ownership,Status,Capacity (Mt/y),Route,Country\n"
    "North,Alpha,Alpha Group [60%]; Other [40%],operating,1.2,BF,Here\n"
    "South,Beta,Beta Ltd [70%]; Gamma [20%],idle,0.9-1.1,EAF,There\n"
    "West,Beta,Beta Ltd [70%]; Gamma [30%],operating,>0,EAF,There\n"
    "East,Delta,,closed,2,EAF,Here\n"
    "Total,,,,5.2,,\n"
)
ANSWERS = {
    "date": "2023-03",
    "currency": "USD",
    "product": "steel",
    "price_cur_per_t": "600",
    "discount_rate": "0.08..0.12",
    "demand.elasticity": "0.3 in 0.2..0.5",
    "process.volatility": "0.2 in 0.15..0.25",
    "running_share": "0.8",
    "other_cost_cur_per_t": "560 in 500..620",
    "stop_cost_cur_per_t": "5",
    "holding_cost_cur_per_t": "10",
    "restart_cost_cur_per_t": "20",
    "exit_cost_cur_per_t": "60",
}


def answered(text: str, **more: str) -> str:
    """Return a mapping file with a value for every question; what else stands as "?" is a cost."""
    answers = {**ANSWERS, **more}
    lines, table = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            table = line.partition("]")[0].strip("[")
        key, _, rest = line.partition(" = ")
        if rest.startswith('"?"'):
            said = answers.get(key.strip('"')) or {"statuses": "running", "capacity": "kt/year"}.get(table)
            name = next((name for name in answers if name == table.partition(".")[2].strip('"')), "")
            name = name or next((name for name in answers if name in table), "")
            line = f'{key} = "{said or answers[name]}"'
        lines.append(line)
    return "\n".join(lines) + "\n"


def imported(file: Path, folder: Path, **more: str) -> pot.ListImport:
    """Import a list with every question answered."""
    first = pot.import_list(file, folder)
    mapping = Path(first.mapping)
    mapping.write_text(answered(mapping.read_text(encoding="utf-8"), **more), encoding="utf-8")
    return pot.import_list(file, folder)


def put(folder: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
