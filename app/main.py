"""create_app(settings): engine, problems, routers in story order, console."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from app.accounts import routes as accounts
from app.accounts.queries import actor_of
from app.audit import actions as audit
from app.audit import queries as trail_head
from app.awards import routes as awards
from app.awards import routes_deciding
from app.calendar import routes as calendar
from app.clock import Admission, Clock, Running
from app.console import routes as console
from app.council import routes as council
from app.council import routes_voting
from app.db import Database
from app.documents import routes as documents
from app.documents import routes_awards, routes_papers, routes_scores
from app.drafting import routes as drafting
from app.events import routes as events
from app.evidence import routes as evidence
from app.followup import routes as followup
from app.followup import routes_asking
from app.indicators import routes as indicators
from app.mailing import routes as mailing
from app.marks import routes as marks
from app.movements import routes as movements
from app.movements.queries import table as every_movement
from app.nominations import routes as nominations
from app.plans import routes as plans
from app.posting import routes as posting
from app.progress import routes as progress
from app.publishing import routes as publishing
from app.publishing import routes_public
from app.ranking import routes as ranking
from app.ranking import routes_analysis
from app.rulebooks import routes as rulebooks
from app.schemes import routes as schemes
from app.scoring import routes as scoring
from app.scoring.board import Board
from app.settings import Settings
from app.summaries import routes as summaries
from app.tasks import routes as tasks
from app.trail import routes as trail
from app.trail import routes_webhooks
from app.trail.feed import Feed
from app.units import routes as units
from app.web import health, problems, vocabulary
from app.web.gate import Gate
from app.web.head import Head
from app.web.house import House
from app.web.idempotency import RECEIPT
from app.web.ready import ReadyAnswers
from app.web.route import POSITION_HEADER

FEATURES = (
    evidence,
    calendar,
    units,
    accounts,
    plans,
    indicators,
    tasks,
    progress,
    drafting,
    followup,
    routes_asking,
    summaries,
    events,
    movements,
    rulebooks,
    marks,
    scoring,
    posting,
    ranking,
    routes_analysis,
    publishing,
    routes_public,
    schemes,
    nominations,
    council,
    routes_voting,
    awards,
    routes_deciding,
    documents,
    routes_papers,
    routes_scores,
    routes_awards,
    mailing,
    trail,
    routes_webhooks,
)


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """The service over the database that `settings` name, which must be at head. `clock` is for tests."""
    database = database_of(settings)
    app = FastAPI(title="Thi đua", version="0.1.0", docs_url=None, redoc_url=None, lifespan=_lifespan, redirect_slashes=False)
    house = House(
        settings=settings,
        database=database,
        clock=clock or stored_clock(database),
        gate=Gate(settings.threads, settings.gate_wait_seconds),
        head=Head(trail_head.asker(database)),
        look_up=actor_of,
    )
    app.state.house, app.state.board, app.state.feed, app.state.rendered = house, Board(), Feed(house.head), {}
    app.add_middleware(ReadyAnswers, head=house.head, clock=house.clock)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
        )
    problems.install(app)
    app.include_router(health.routes)
    app.include_router(vocabulary.routes)
    for feature in FEATURES:
        app.include_router(feature.routes)
    app.include_router(console.routes)
    app.state.nothing_here = console.nothing_here
    app.mount("/static", StaticFiles(packages=[("app.console", "static")]), name="static")
    return app


EXPOSED = ["ETag", POSITION_HEADER, RECEIPT, "Idempotency-Replayed", "Retry-After"]


class RealMovement(RuntimeError):
    """A moved clock is for synthetic movements alone."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    _end_streams_on_signals(app.state.feed)
    yield
    app.state.house.close()


def _end_streams_on_signals(feed: Feed) -> None:
    """The server waits for open connections before it tells the application to stop, so the streams must hear the signal itself."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def heard(caught: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(feed.close)
            if callable(before):
                before(caught, frame)

        if threading.current_thread() is threading.main_thread():
            signal.signal(number, heard)


def database_of(settings: Settings) -> Database:
    database = Database(settings.database, seal=audit.seal, pool=settings.threads + 2)
    database.check_profile()
    return database


def stored_clock(database: Database) -> Clock:
    """The real clock, moved by what the data say (a demo). Raise `RealMovement` where that would move real deadlines."""
    now = Running()
    with database.reading(Admission(now.now(), now)) as session:
        offset = trail_head.clock_offset(session)
        if offset and any(not seen.movement.is_synthetic for seen in every_movement(session)):
            raise RealMovement("the clock is moved, and a movement here is not synthetic")
        return Running(offset)
