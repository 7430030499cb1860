"""The table of ratios. Each leg names its baseline, checks its answers, and says when it does not count."""

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from app.audit.notes import Signer
from app.clock import Admission, Running
from app.db import Database
from app.main import database_of
from app.migrate import upgrade
from app.scoring.board import computed
from app.scoring.queries import Moment
from app.settings import Settings
from tests import postgres
from tests.bench import engine, imports, results
from tests.bench.data import MOVEMENT, PERIOD, PLAN, District, fill, unit_code
from tests.bench.load import Run, in_turns, wrk
from tests.server import Server

LEGS = ["engine", "robustness", "reads", "growth", "crowd", "submits", "imports", "lists", "cold", "verifying", "publishing"]
PURE = {"engine", "robustness"}
RANKING = f"/api/v1/movements/{MOVEMENT}/ranking"
console = Console(soft_wrap=True)


class Bench:
    def __init__(self, engine: str, seconds: int, folder: Path, rows: list[tuple[str, ...]]) -> None:
        self.engine, self.seconds, self.folder, self.rows = engine, seconds, folder, rows

    def database(self, name: str) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self.folder / (name + '.db')}"
        return postgres.create(postgres.start(), f"bench_{name}_{uuid.uuid4().hex[:6]}")

    @contextmanager
    def district(self, size: int, items: int) -> Iterator[tuple[Server, District, Database]]:
        url = self.database(f"d{size}x{items}")
        upgrade(url)
        settings = Settings(database_url=url, data_dir=self.folder)
        database = database_of(settings)
        district = fill(database, size=size, items=items)
        server = Server(url, self.folder)
        server.start()
        try:
            yield server, district, database
        finally:
            server.stop()
            database.dispose()

    def said(self, leg: str, ratio: float, wanted: str, note: str, *, counts: bool = True) -> None:
        self.rows.append(
            (self.engine, leg, f"{ratio:.2f}" if counts else f"({ratio:.2f})", wanted, note if counts else f"does not count: {note}")
        )
        console.print(*self.rows[-1], sep=" | ")

    # --- reads -----------------------------------------------------------------------------------------------------

    def reads(self) -> None:
        with self.district(500, 100) as (server, district, _), _bare() as hello_leg:
            url, headers = server.base + RANKING, {"Authorization": f"Bearer {district.keys['secretary']}"}
            sizes = self._sizes(url, headers)

            def leg(encoding: str) -> Run:
                return wrk(url, pid=server.pid, connections=64, seconds=self.seconds, headers={**headers, "Accept-Encoding": encoding})

            def reviewed_leg() -> Run:
                with self._reviews(server, district, 5, fresh):
                    return leg("gzip")

            for encoding in ("gzip", "identity"):
                hello, run = in_turns(lambda: hello_leg(self.seconds), lambda encoding=encoding: leg(encoding))  # type: ignore[misc]
                right = abs(run.bytes_each / sizes[encoding] - 1) < 0.01
                self._said_of(f"ranking, warm, 500 x 100, {encoding}", run, hello, ">= 0.6", f"{sizes[encoding] / 1000:.0f} kB", right)
            fresh = {"written": 0, "stale": 0}
            hello, run = in_turns(lambda: hello_leg(self.seconds), reviewed_leg)
            note = f"{fresh['written']} accepted, {fresh['stale']} stale reads"
            right = fresh["stale"] == 0 and fresh["written"] >= 3 * self.seconds
            self._said_of("ranking, 5 accepted reviews/s, gzip", run, hello, ">= 0.5", note, right)

    def _said_of(self, name: str, run: Run, hello: Run, wanted: str, note: str, right: bool) -> None:
        note = f"{run.per_second:.0f}/s, hello {hello.per_second:.0f}/s; busy {run.busy:.2f}, {hello.busy:.2f}; {note}"
        self.said(name, run.per_second / hello.per_second, wanted, note, counts=run.counts and hello.counts and right)

    def _sizes(self, url: str, headers: dict[str, str]) -> dict[str, int]:
        """Bytes of a whole answer, head and body, by encoding."""
        found = {}
        for encoding in ("gzip", "identity"):
            with httpx.Client(headers={**headers, "Accept-Encoding": encoding}) as client:
                for _ in range(2):
                    answer = client.get(url)
                assert answer.status_code == 200
                assert sum(len(cluster["standings"]) for cluster in answer.json()["clusters"]) == 500
                head = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) + len("HTTP/1.1 200 OK\r\n\r\n")
                found[encoding] = head + int(answer.headers["content-length"])
        return found

    @contextmanager
    def _reviews(self, server: Server, district: District, per_second: int, tally: dict[str, int]) -> Iterator[None]:
        """A side client that reports, accepts and checks that the next read is at least as new."""
        stop = threading.Event()

        def go() -> None:
            with Client(server, district) as client:
                while not stop.is_set():
                    started = time.monotonic()
                    position = client.review(unit_code(7 * tally["written"] % district.units))
                    tally["written"] += 1
                    tally["stale"] += client.ranking() < position
                    stop.wait(max(0, 1 / per_second - (time.monotonic() - started)))

        side = threading.Thread(target=go)
        side.start()
        try:
            yield
        finally:
            stop.set()
            side.join()

    # --- writes ----------------------------------------------------------------------------------------------------

    def growth(self) -> None:
        """What an acceptance costs, its first read of its cluster included, in a small and in a large movement, in turns."""
        costs: dict[int, list[float]] = {50: [], 5000: []}
        with ExitStack() as opened:
            clients = {}
            for size in costs:
                server, district, _ = opened.enter_context(self.district(size, 20))
                clients[size] = opened.enter_context(Client(server, district))
                clients[size].ranking("c000")
            for number in range(60):
                for size, client in clients.items():
                    submission = client.report(unit_code(number % 20))
                    started = time.perf_counter()
                    position = client.accept(submission)
                    seen = client.ranking("c000")
                    costs[size].append(time.perf_counter() - started)
                    assert seen >= position
        found = {size: sorted(each)[len(each) // 2] for size, each in costs.items()}
        note = f"median {found[50] * 1000:.1f} ms at 50 units, {found[5000] * 1000:.1f} ms at 5,000"
        self.said("acceptance + first read, 5,000 / 50 units", found[5000] / found[50], "<= 1.3", note)

    def crowd(self) -> None:
        """Many connections that write the same subject."""
        with self.district(20, 2) as (server, district, _):
            url = f"{server.base}/api/v1/submissions"
            body = json.dumps({"plan": PLAN, "unit": "u00001", "indicator": "i000", "period": PERIOD, "figure": "1"})
            request = f"wrk.method = 'POST'; wrk.body = '{body}'; wrk.headers['Content-Type'] = 'application/json'"
            headers = {"Authorization": f"Bearer {district.keys['officer']}"}
            seconds = max(15, self.seconds)  # 500 callers wait their turn for several seconds before the first is answered

            def leg(connections: int) -> Run:
                asked: dict[str, Any] = {"headers": headers, "request": request, "tally": True, "allowed": 10**9}
                return wrk(url, pid=server.pid, connections=connections, seconds=seconds, **asked)

            statuses = leg(100).statuses
            answered = 1 - statuses.get("503", 0) / max(1, sum(statuses.values()))
            self.said("100 connections on one row, answered other than 503", answered, ">= 0.99", f"{statuses}")
            few, many = in_turns(lambda: leg(8), lambda: leg(500))
            good = [run.per_second * run.statuses.get("201", 0) / max(1, sum(run.statuses.values())) for run in (few, many)]
            note = f"{good[0]:.0f}/s at 8, {good[1]:.0f}/s at 500; {many.statuses}"
            self.said("successful writes, 500 / 8 connections", good[1] / good[0], ">= 0.8", note, counts=good[0] > 0)

    def submits(self) -> None:
        """A report with a key and a cited document against one row through the same stack; many at once against one by one."""
        with self.district(100, 4) as (server, district, _), self._inserting() as (bare, pid):
            url, headers = f"{server.base}/api/v1/submissions", {"Authorization": f"Bearer {district.keys['officer']}"}
            before = Client(server, district).count(district)

            def leg() -> Run:
                return wrk(url, pid=server.pid, connections=8, seconds=self.seconds, headers=headers, request=_reporting(), tally=True)

            baseline, run = in_turns(lambda: wrk(bare, pid=pid, connections=8, seconds=self.seconds, request=_INSERTING, tally=True), leg)
            right = set(run.statuses) == set(baseline.statuses) == {"201"}
            taken = Client(server, district).count(district) - before
            wanted = ">= 0.25" if self.engine == "sqlite" else ">= 0.2"
            note = f"{run.per_second:.0f}/s, bare {baseline.per_second:.0f}/s; {run.statuses}, {taken} there"
            counts = right and taken >= run.statuses["201"]
            self.said("submit / a bare one-row INSERT", run.per_second / baseline.per_second, wanted, note, counts=counts)
            self._said_of_many(server, district)

    def _said_of_many(self, server: Server, district: District) -> None:
        with Client(server, district) as client:
            alone = sorted(_timed(partial(client.one, claim))[1] for claim in claims(60, 3400))[30]
            runs = [_timed(lambda first=first: len(client.many(claims(1000, first)))) for first in (400, 1400, 2400)]  # type: ignore[misc]
            assert all(taken == 1000 for taken, _ in runs)
            together = sorted(seconds for _, seconds in runs)[1]
            note = f"{alone * 1000:.1f} ms alone (median of 60), {together:.2f} ms a line of 1,000 (median of 3); nothing told twice"
            self.said("one report alone / a line of 1,000", alone / (together / 1000), ">= 20", note)

    def imports(self) -> None:
        """10,000 reports in a workbook, tried and recorded, against reading the file; in turns."""
        with self.district(imports.UNITS, imports.ITEMS) as (server, district, _):
            found = imports.costs(server.base, district.keys["officer"])
        note = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found.items()) + " (medians of 3)"
        for name in ("tried", "recorded"):
            self.said(f"10,000 rows {name} / read by openpyxl", found[name] / found["openpyxl"], "<= 10", note)
            self.said(f"10,000 rows {name} / read by our own reader (Rust)", found[name] / found["reading"], "told", note)

    def lists(self) -> None:
        """The first pages of reports, at a million of them and at ten thousand, in turns."""
        costs: dict[int, list[float]] = {100: [], 10_000: []}
        with ExitStack() as opened:
            clients = {}
            for size in costs:
                server, district, _ = opened.enter_context(self.district(size, 100))
                clients[size] = opened.enter_context(Client(server, district))
            for number in range(40):
                for size, client in clients.items():
                    for asked in ({}, {"unit": unit_code(number)}, {"indicator": f"i{number:03d}"}, {"state": "accepted"}):
                        rows, seconds = _timed(lambda client=client, asked=asked: client.page(asked))  # type: ignore[misc]
                        assert rows == 50
                        costs[size].append(seconds)
        found = {size: sorted(each)[len(each) // 2] for size, each in costs.items()}
        note = f"median {found[100] * 1000:.1f} ms of 10,000, {found[10_000] * 1000:.1f} ms of 1,000,000; four kinds of list"
        self.said("first page, 1,000,000 / 10,000 reports", found[10_000] / found[100], "<= 1.5", note)

    @contextmanager
    def _inserting(self) -> Iterator[tuple[str, int]]:
        port, database = postgres._free_port(), self.database("bare")
        process = subprocess.Popen([sys.executable, "-m", "tests.bench.insert", str(port), Settings(database_url=database).database])
        url = f"http://127.0.0.1:{port}/"
        try:
            for _ in range(100):
                try:
                    assert httpx.post(url, json={"unit": "x", "figure": "1"}).status_code == 201
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield url, process.pid
        finally:
            process.terminate()
            process.wait()

    # --- results ---------------------------------------------------------------------------------------------------

    def verifying(self) -> None:
        """A bundle of 500 units by the stand-alone verifier, against the engine scoring the same sheets."""
        with self.district(results.UNITS, results.ITEMS) as (_, __, database):
            found = results.verifying(database, self.folder)
        note = (
            f"scoring {found['scoring']:.1f} s, verifying {found['verifying']:.1f} s; {found['megabytes']:.1f} MB; another byte is refused"
        )
        self.said("bundle of 500 units verified / its sheets scored", found["verifying"] / found["scoring"], "<= 10", note)

    def publishing(self) -> None:
        """The longest acceptance while 5,000 units are published, against one alone."""
        with self.district(5000, 20) as (server, district, _):
            Signer.created("bench.example", self.folder / "signing.key")
            with Client(server, district) as client:
                codes = [unit_code(number) for number in range(district.units)]
                found = results.beside_others(
                    server.base, district.keys, lambda number: _ignored(client.review(codes[number % 1000])), codes
                )
        times = f"{found['alone'] * 1000:.0f} ms alone, longest {found['longest'] * 1000:.0f} ms of {found['accepted']:.0f}"
        note = f"{times}; it took {found['took']:.1f} s"
        self.said("longest acceptance while 5,000 units are published / one alone", found["longest"] / found["alone"], "<= 20", note)

    # --- cold ------------------------------------------------------------------------------------------------------

    def cold(self) -> None:
        """A board of 5,000 x 100 from rows, against fetching the same rows through the driver."""
        with self.district(5000, 100) as (_, district, database):
            fetched, driver = _timed(lambda: _fetch(database))
            clock = Running()

            def rebuild() -> int:
                with database.reading(Admission(clock.now(), clock)) as session:
                    return len(computed(session, MOVEMENT, Moment(clock.now())).kept)

            kept, engine = _timed(rebuild)
            assert kept == district.units
            assert fetched == 2 * district.units * district.items
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            note = f"rebuild {engine:.1f} s, driver {driver:.1f} s for {fetched} rows; peak memory of the process {peak:.0f} MiB"
            self.said("cold rebuild, 5,000 x 100", engine / driver, "<= 4", note)


def engine_alone(rows: list[tuple[str, ...]]) -> None:
    """The engine without a database, against the same rulebook as one straight-line function in Decimal."""
    for units in (1, 5000):
        gc.collect()
        found = engine.measured(units)
        note = f"{found['engine']:.2f} s against {found['line']:.2f} s; {found['bytes'] / 1000:.0f} kB a kept sheet"
        rows.append(("pure", f"engine, {units} units x 100 items / straight line", f"{found['engine'] / found['line']:.1f}", "<= 4", note))
        console.print(*rows[-1], sep=" | ")
        ratio = found["wording"] / found["engine"]
        rows.append(("pure", f"wording every reason / scoring, {units} units", f"{ratio:.1f}", "<= 10", "only when asked"))
        console.print(*rows[-1], sep=" | ")


def robust(rows: list[tuple[str, ...]]) -> None:
    """How solid 500 places are in 10,000 draws, against the bare product and argsort."""
    found = results.solid()
    note = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found.items()) + " (medians of 5)"
    rows.append(("pure", "10,000 draws x 500 x 100 / numpy product and argsort", f"{found['whole'] / found['bare']:.1f}", "<= 4", note))
    console.print(*rows[-1], sep=" | ")
    apart = (found["noisy"] - found["whole"]) / found["bare"]
    rows.append(("pure", "noise of marks / the same", f"{apart:.1f}", "told", "drawn per unit"))
    console.print(*rows[-1], sep=" | ")


def _ignored(_: object) -> None:
    """A position that nobody needs."""


@contextmanager
def _bare() -> Iterator[Callable[[int], Run]]:
    """Hello: an `async def` in a bare FastAPI application, ready to be asked for some seconds."""
    port = postgres._free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.hello", str(port)])
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(100):
            try:
                assert httpx.get(url).json() == {"hello": "world"}
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield lambda seconds: wrk(url, pid=process.pid, connections=64, seconds=seconds)
    finally:
        process.terminate()
        process.wait()


def claims(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Of 4,000 different ones: a hundred units, four indicators, ten months, of which the first was reported and accepted."""
    cited = [{"document_number": "45/BC", "document_date": "2026-02-02", "issuer": "UBND"}]
    fields = {"plan": PLAN, "figure": "55", "confirmed": True, "evidence": cited}
    about = [(n % 100, n // 100 % 4, n // 400 + 1) for n in range(first, first + count)]
    return [{**fields, "unit": unit_code(n), "indicator": f"i{i:03d}", "period": f"2026-{month:02d}"} for n, i, month in about]


_INSERTING = """
wrk.method = 'POST'
wrk.body = '{"unit": "u00001", "figure": "55"}'
wrk.headers['Content-Type'] = 'application/json'
"""


def _reporting() -> str:
    """Lua: each request another key, and the next of a hundred units."""
    start, _, end = json.dumps(claims(1)[0]).partition('"u00000"')
    return f"""
local n, run = 0, '{uuid.uuid4().hex}'
function request()
  n = n + 1
  local headers = {{['Content-Type'] = 'application/json', ['Idempotency-Key'] = run .. n}}
  headers['Authorization'] = wrk.headers['Authorization']
  return wrk.format('POST', nil, headers, '{start}"u' .. string.format('%05d', n % 100) .. '"{end}')
end
"""


class Client:
    """One connection that reports, accepts and reads."""

    def __init__(self, server: Server, district: District) -> None:
        self._http, self._base, self._keys = httpx.Client(timeout=60), server.base, district.keys

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keys[who]}"}

    def report(self, unit: str) -> str:
        sent = {"plan": PLAN, "unit": unit, "indicator": "i000", "period": PERIOD, "figure": "55"}
        answer = self._http.post(f"{self._base}/api/v1/submissions", json=sent, headers=self._headers("officer"))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def many(self, sent: list[dict[str, Any]]) -> list[Any]:
        headers = {**self._headers("officer"), "Idempotency-Key": uuid.uuid4().hex}
        answer = self._http.post(f"{self._base}/api/v1/submissions", json=sent, headers=headers)
        assert answer.status_code == 201, answer.text
        return list(answer.json())

    def one(self, claim: dict[str, Any]) -> int:
        return len(self.many([claim]))

    def page(self, asked: dict[str, str]) -> int:
        answer = self._http.get(f"{self._base}/api/v1/submissions", params={"limit": "50", **asked}, headers=self._headers("secretary"))
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])

    def count(self, district: District) -> int:
        """How many claims there are, by the numbers of the newest of each subject."""
        found = [self._newest(unit_code(n)) for n in range(district.units)]
        self._http.close()
        return sum(found)

    def _newest(self, unit: str) -> int:
        asked = {"limit": "1", "unit": unit, "indicator": "i000"}
        answer = self._http.get(f"{self._base}/api/v1/submissions", params=asked, headers=self._headers("secretary"))
        return int(answer.json()["items"][0]["claim"])

    def accept(self, submission: str) -> int:
        """The trail position of the acceptance."""
        headers = {**self._headers("appraiser"), "If-Match": '"1"'}
        answer = self._http.post(f"{self._base}/api/v1/submissions/{submission}/acceptance", headers=headers)
        assert answer.status_code == 200, answer.text
        return int(answer.headers["Thidua-Trail-Position"])

    def review(self, unit: str) -> int:
        return self.accept(self.report(unit))

    def ranking(self, cluster: str | None = None) -> int:
        """The trail position that the answer is as new as."""
        asked = {} if cluster is None else {"cluster": cluster}
        answer = self._http.get(self._base + RANKING, params=asked, headers=self._headers("secretary"))
        assert answer.status_code == 200, answer.text
        assert answer.json()["clusters"]
        return int(answer.headers["Thidua-Trail-Position"])


def _fetch(database: Database) -> int:
    """The rows and columns that a cold board reads, as the driver gives them."""
    raw = database.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(
            "SELECT s.id, s.unit_code, s.indicator_code, s.period_code, s.figure, s.is_late, d.outcome = 'accepted'"
            " FROM submission s LEFT JOIN submission_decision d ON d.submission_id = s.id"
            " WHERE s.plan_code = 'bench' AND s.indicator_code IS NOT NULL ORDER BY s.version"
        )
        count = len(cursor.fetchall())
        cursor.execute("SELECT unit_code, indicator_code, kind, figure, last_year FROM target WHERE plan_code = 'bench' ORDER BY version")
        return count + len(cursor.fetchall())
    finally:
        raw.close()


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    gc.collect()
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="of each load leg; legs held against hello take three turns")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--leg", choices=LEGS, action="append")
    chosen = parser.parse_args()
    rows: list[tuple[str, ...]] = []
    legs = chosen.leg or LEGS
    if "engine" in legs:
        engine_alone(rows)
    if "robustness" in legs:
        robust(rows)
    for database in chosen.engine or ["sqlite", "postgresql"]:
        for leg in (one for one in legs if one not in PURE):
            with tempfile.TemporaryDirectory() as folder:
                getattr(Bench(database, chosen.seconds, Path(folder), rows), leg)()
    table = Table("engine", "leg", "ratio", "wanted", "what was seen")
    for row in rows:
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
