"""One leader, and only what has expired goes."""

import os
import time
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.clock import Admission, real_now
from app.settings import Settings
from app.tables import new_id
from app.web.models import WorkerLease
from app.worker import ORPHAN_AGE, sweep, sweep_files, take_lease
from tests.test_evidence import upload
from tests.world import World


def test_one_leads_until_its_lease_runs_out(write: Any) -> None:
    first, second = new_id(), new_id()
    assert write(lambda session: take_lease(session, first))
    assert not write(lambda session: take_lease(session, second))
    assert write(lambda session: take_lease(session, first)), "renewed"
    write(lambda session: session.connection().execute(sa.update(WorkerLease).values(until=real_now() - timedelta(seconds=1))))
    assert write(lambda session: take_lease(session, second))
    assert not write(lambda session: take_lease(session, first))


def test_only_the_expired_goes(world: World, write: Any, settings: Settings) -> None:
    world.post("dich-vong", "/submissions", None, headers={"Idempotency-Key": "x"})
    claim = {"plan": "kt-xh-2022", "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}
    world.post("dich-vong", "/submissions", claim, headers={"Idempotency-Key": "young"})
    assert write(lambda session: sweep(session, settings))["idempotent_answer"] == 0
    age = settings.model_copy(update={"idempotency_days": -1})
    assert write(lambda session: sweep(session, age))["idempotent_answer"] == 1


def test_files_that_nothing_refers_to_go_after_a_day(world: World, settings: Settings) -> None:
    held = upload(world).json()["file"]
    folder = settings.data_dir / "evidence"
    orphan, young = folder / "ab" / ("ab" * 32), folder / "draft-young"
    orphan.parent.mkdir(exist_ok=True)
    for path in (orphan, young):
        path.write_bytes(b"x")
    old = time.time() - ORPHAN_AGE.total_seconds() - 60
    for path in (orphan, folder / held[:2] / held):
        os.utime(path, (old, old))
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        assert sweep_files(session, folder) == 1
    assert not orphan.exists()
    assert young.exists()
    assert (folder / held[:2] / held).exists()
