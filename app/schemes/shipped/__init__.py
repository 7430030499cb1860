"""Facts of the law on emulation and commendation that schemes start from, as data with their sources."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def law() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(files(__name__).joinpath("law.yaml").read_text(encoding="utf-8"))
    return told
