"""What a result costs: how solid its places are, verifying it as a stranger, publishing it beside others' work."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from app.audit.notes import Signer
from app.clock import Admission, Running
from app.db import Database
from app.publishing import bundle, computing
from app.publishing.rules import Edition, Stage
from app.publishing.snapshot import Heading, documents
from app.ranking.robustness import Asked, Table, robustness, weights
from app.ranking.verifier.thidua_verify import verified
from app.scoring.board import computed
from app.scoring.engine.program import score
from app.scoring.queries import Moment, marks
from app.scoring.rows import facts
from tests.bench.data import MOVEMENT

UNITS, ITEMS, DRAWS = 500, 100, 10_000


def solid() -> dict[str, float]:
    """Seconds, medians of five in turns: the bare product and argsort of the same draws, all of it, all of it with noise of marks."""
    dice = np.random.default_rng(1)
    shares, standard = dice.uniform(0.6, 1, (UNITS, ITEMS)), dice.uniform(0.5, 2, ITEMS)
    tables = [
        Table(tuple(map(str, range(UNITS))), standard, shares, np.zeros(UNITS), np.full(ITEMS, is_by_hand)) for is_by_hand in (False, True)
    ]
    drawn = weights(tables[0], Asked(), dice, DRAWS)
    runs: dict[str, Callable[[], Any]] = {
        "bare": lambda: np.argsort(-(drawn @ shares.T), axis=1),
        "whole": lambda: robustness(tables[0], Asked(draws=DRAWS)),
        "noisy": lambda: robustness(tables[1], Asked(draws=DRAWS)),
    }
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(6):
        for name, run in runs.items():
            started = time.perf_counter()
            answer = run()
            found[name].append(time.perf_counter() - started)
            assert len(answer) == (DRAWS if name == "bare" else UNITS)
    return {name: sorted(each[1:])[2] for name, each in found.items()}


def verifying(database: Database, folder: Path) -> dict[str, float]:
    """Seconds: the engine scores every sheet of a full bundle; the stand-alone verifier accepts it, and refuses another byte."""
    signer, clock = Signer.created("bench.example", folder / "key"), Running()
    with database.reading(Admission(clock.now(), clock)) as session:
        of = computed(session, MOVEMENT, Moment(clock.now()))
        held, marked = (
            facts(session, of.setting, list(of.setting.registrations), all_there_is=True),
            marks(session, of.setting, list(of.kept)),
        )
        started, sheets = time.perf_counter(), 0
        for unit, one in held.items():
            book = of.setting.rulebook_of(unit)
            assert book is not None
            for view in Edition.FULL.views:
                sheet = score(book, of.setting.calendar, one, marked.get(unit, {}), of.setting.moment.instant, view)
                sheets += len(sheet.lines) > 0
        scoring = time.perf_counter() - started
        assert sheets == len(held) * len(Edition.FULL.views)
        heading = Heading(Stage.COUNCIL, 1, None, None, {})
        beside = computing._trail(signer, [bytes(32)] * of.position, [])
        note = computing._note(signer, MOVEMENT, 1, Edition.FULL)
        packed = bundle.packed(folder / "kept", documents(session, of, heading, Edition.FULL), beside, note)
    raw = (folder / "kept" / packed.file[:2] / packed.file).read_bytes()
    started = time.perf_counter()
    report = verified(raw)
    seconds = time.perf_counter() - started
    assert report.found == [], report.found[:3]
    assert verified(raw[:-100] + bytes([raw[-100] ^ 1]) + raw[-99:]).found
    return {"scoring": scoring, "verifying": seconds, "megabytes": len(raw) / 1e6}


def beside_others(base: str, keys: dict[str, str], review: Callable[[int], None], units: list[str]) -> dict[str, float]:
    """Seconds: an acceptance alone (median), the longest while a publication was made and approved, and how long that took."""
    with httpx.Client(base_url=f"{base}/api/v1", timeout=600) as http:

        def sent(who: str, path: str, body: Any = None, **headers: str) -> Any:
            answer = http.post(path, json=body, headers={"Authorization": f"Bearer {keys[who]}", **headers})
            assert answer.status_code < 300, answer.text[:300]
            return answer.json()

        for version, state in enumerate(("launched", "reporting_closed", "under_review"), 1):
            sent("secretary", f"/movements/{MOVEMENT}/state", {"state": state}, **{"If-Match": f'"{version}"'})
        for start in range(0, len(units), 1000):
            said = {"kind": "sheet_not_posted", "subjects": units[start : start + 1000], "reason": "bench"}
            sent("secretary", f"/movements/{MOVEMENT}/overrides", said)
        alone, during = list[float](), list[float]()
        for number in range(40):
            alone.append(_seconds(lambda number=number: review(number)))  # type: ignore[misc]
        stop = threading.Event()

        def go() -> None:
            while not stop.is_set():
                during.append(_seconds(lambda: review(len(during))))

        side = threading.Thread(target=go)
        side.start()
        started = time.perf_counter()
        draft = sent("secretary", f"/movements/{MOVEMENT}/publication-drafts", {"stage": "council"})
        number = sent("second", f"/publication-drafts/{draft['id']}/approval")["number"]
        took = time.perf_counter() - started
        stop.set()
        side.join()
        assert number == 1
    return {"alone": sorted(alone)[20], "longest": max(during), "took": took, "accepted": len(during)}


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
