"""Load from wrk, on loopback only; a leg counts only if the server was busy and every answer was right."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

BUSY = 0.95


class NoWrk(RuntimeError):
    """wrk is missing: install Debian's `wrk`."""


@dataclass(frozen=True)
class Run:
    per_second: float
    busy: float
    """Share of one core that the server used."""
    wrong: int
    """Answers of another status, or transport errors."""
    bytes_each: float
    statuses: dict[str, int]

    @property
    def counts(self) -> bool:
        return self.busy >= BUSY and self.wrong == 0


def in_turns(*legs: Callable[[], Run]) -> list[Run]:
    """Each leg three times, in turns, added up: a shared machine is a third faster in one minute than in the next."""
    rounds = [[leg() for leg in legs] for _ in range(3)]
    return [_together(list(runs)) for runs in zip(*rounds, strict=True)]


def _together(runs: list[Run]) -> Run:
    return Run(
        per_second=fmean(run.per_second for run in runs),
        busy=fmean(run.busy for run in runs),
        wrong=sum(run.wrong for run in runs),
        bytes_each=fmean(run.bytes_each for run in runs),
        statuses=dict(sum((Counter(run.statuses) for run in runs), Counter())),
    )


_SCRIPT = """
local seen = {}
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init(args) counts = "" ; tally = {} end
%(response)s
function done(summary, latency, requests)
  local total = {}
  for _, thread in ipairs(threads) do
    local text = thread:get("counts")
    if text then for status, n in text:gmatch("(%%d+)=(%%d+)") do total[status] = (total[status] or 0) + n end end
  end
  io.write("RESULT {\\"requests\\": " .. summary.requests .. ", \\"bytes\\": " .. summary.bytes .. ", \\"micros\\": " .. summary.duration
    .. ", \\"bad\\": " .. (summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout)
    .. ", \\"status\\": " .. summary.errors.status .. ", \\"statuses\\": {")
  local first = true
  for status, n in pairs(total) do io.write((first and "" or ", ") .. "\\"" .. status .. "\\": " .. n) first = false end
  io.write("}}\\n")
end
"""
_RESPONSE = """
function response(status, headers, body)
  tally[status] = (tally[status] or 0) + 1
  counts = ""
  for s, n in pairs(tally) do counts = counts .. s .. "=" .. n .. " " end
end
"""


def wrk(
    url: str,
    *,
    pid: int,
    connections: int,
    seconds: int,
    headers: dict[str, str] | None = None,
    request: str = "",
    tally: bool = False,
    allowed: int = 0,
) -> Run:
    """`request` is Lua that defines `request()`; `allowed` answers may be other than 2xx and 3xx."""
    if shutil.which("wrk") is None:
        raise NoWrk("wrk is missing: install Debian's `wrk`")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.lua"
        script.write_text(_SCRIPT % {"response": _RESPONSE if tally else ""} + request)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script)]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        before, started = _cpu_seconds(pid), time.monotonic()
        done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
        used, passed = _cpu_seconds(pid) - before, time.monotonic() - started
    found = json.loads(re.search(r"RESULT (.*)", done.stdout).group(1))  # type: ignore[union-attr]
    wrong = max(0, found["status"] + found["bad"] - allowed)
    return Run(
        found["requests"] / found["micros"] * 1e6, used / passed, wrong, found["bytes"] / max(1, found["requests"]), found["statuses"]
    )


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
