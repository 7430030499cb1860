"""The same sheet, byte for byte: whatever the hash seed, the locale, the time zone and the order in which facts are written."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.test_shipped import EVENTS, FIGURES, YEAR

SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "vi_VN.UTF-8", "TZ": "Asia/Ho_Chi_Minh"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONOPTIMIZE": "1"},
]


def facts(order: random.Random) -> dict[str, Any]:
    """Two districts, with reports and events in the order that the dice give them."""
    kinds = [kind for kind in EVENTS if isinstance(EVENTS[kind], int)]
    told = [{"event": kind, "on": f"2022-05-{day:02d}", "source": f"{kind}-{day}"} for kind in kinds for day in (3, 9, 27)]
    told += [{"event": "a9-y-kien", "on": "2022-05-04", "due_on": "2022-05-20", "source": f"y-kien-{n}"} for n in range(4)]
    figures = [{"indicator": code, "period": "2022", "figure": figure, "source": f"bc-{code}"} for code, figure in FIGURES.items()]
    units = []
    for unit in ("huyen-a", "huyen-b"):
        order.shuffle(told)
        order.shuffle(figures)
        units.append({"unit": unit, "events": list(told), "figures": list(figures), "waivers": [{"node": "b1.1"}]})
    codes = list(FIGURES)
    order.shuffle(codes)
    return {
        "instant": "2023-01-10T08:00:00+07:00",
        "indicators": {code: {"scheme": "year", "window": YEAR} for code in codes},
        "units": units,
    }


def _scored(folder: Path, around: dict[str, str], order: int) -> bytes:
    file = folder / f"facts-{order}.json"
    file.write_text(json.dumps(facts(random.Random(order))), encoding="utf-8")  # noqa: S311
    command = [sys.executable, "-m", "app.cli", "score", "--rulebook", "tien-giang-2022", "--facts", str(file), "--json"]
    return subprocess.run(command, env={**os.environ, **around}, capture_output=True, check=True).stdout


def test_the_same_sheet_everywhere(tmp_path: Path) -> None:
    found = {_scored(tmp_path, around, order) for order, around in enumerate(SURROUNDINGS)}
    assert len(found) == 1
    [sheets] = [json.loads(one) for one in found]
    assert [sheet["unit"] for sheet in sheets] == ["huyen-a", "huyen-b"]
    cited = next(line["sources"] for line in sheets[0]["lines"] if line["code"] == "a9.4")
    assert cited == [f"y-kien-{n}" for n in range(4)], "sources too come in one order"


def test_the_surroundings_do_differ() -> None:
    """The negative control: what depends on the hash seed gives another order in each."""
    show = "print(list({'huyen-a', 'huyen-b', 'a9.4', 'b1.1', 'C1', 'd2', 'total', 'x'}))"
    orders = {
        subprocess.run([sys.executable, "-c", show], check=True, env={**os.environ, **around}, capture_output=True).stdout
        for around in SURROUNDINGS
    }
    assert len(orders) > 1
