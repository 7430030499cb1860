"""The demo movement, loaded through the same actions as everybody's, under a scripted clock."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, time
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from app.accounts.queries import actor_of
from app.audit import actions as audit
from app.calendar import actions as calendar
from app.clock import ZONE, Admission, Stopped, real_now
from app.db import Database
from app.demo import keys, story
from app.indicators import actions as indicators
from app.indicators.rules import TargetKind, TargetSource
from app.indicators.schemas import IndicatorIn, TargetIn
from app.movements import actions as movements
from app.movements.queries import newest
from app.movements.rules import MovementState
from app.movements.schemas import MilestoneIn, MovementIn
from app.plans import actions as plans
from app.policy import SYSTEM, Actor
from app.progress import actions as progress
from app.progress import reviewing
from app.progress.schemas import SubmissionIn
from app.rulebooks import actions as rulebooks
from app.rulebooks import shipped
from app.rulebooks.language.text import plain_yaml
from app.rulebooks.queries import opened_from
from app.tasks import actions as tasks
from app.tasks.schemas import SourceDocumentIn, TaskIn
from app.units import actions as units
from app.units.schemas import UnitIn
from app.web.texts import say

Step = tuple[datetime, Callable[[Session], Any]]
"""An instant of 2021-2022 and what is done then."""


def read(name: str) -> Any:
    return plain_yaml(files("app.demo").joinpath(name).read_text(encoding="utf-8"))


class Demo:
    """The data file, and who acts."""

    def __init__(self, database: Database, clock_from: datetime | None = None) -> None:
        self.data = read("cau-giay-25.yaml")
        self.clock_from = clock_from or datetime.fromisoformat(self.data["clock_from"])
        self.database = database
        self.tokens: dict[str, str] = {}
        self.actors: dict[str, Actor] = {}

    def load(self, told: Callable[[int, int], None]) -> dict[str, str]:
        """Tokens by name. `told(done, of)` is called as it goes."""
        script = sorted([*self._preparation(), *self._reports()], key=lambda step: step[0])
        for number, (at, deed) in enumerate(script):
            self.database.write(Admission(at, Stopped(at)), deed)
            told(number + 1, len(script))
        return self.tokens

    def _preparation(self) -> Iterator[Step]:
        yield _at("2021-12-20", 8), self._install
        yield _at("2021-12-21", 9), self._plan
        yield _at("2021-12-21", 14), self._movement
        yield _at("2021-12-21", 16), self._launch
        yield _at("2022-01-10", 8), self._register

    def mint(self, session: Session) -> dict[str, str]:
        """Fresh keys in the place of the old ones."""
        data = self.data
        answering = {row["appraiser"] for row in (*data["indicators"], *data["tasks"])}
        answering |= {row["alternate_appraiser"] for row in data["indicators"]}
        return keys.mint(
            session,
            district=data["district"]["code"],
            secretariat="noi-vu",
            units=[row["code"] for row in data["units"]],
            appraisers=sorted(answering),
        )

    def _install(self, session: Session) -> None:
        offset = self.clock_from - real_now()
        audit.set_clock(session, SYSTEM, offset=offset)
        district = self.data["district"]
        opened = {"opens_on": "1997-09-01"}
        units.establish(session, SYSTEM, code=district["code"], fields=UnitIn.model_validate({**district, **opened, "kind": "district"}))
        for row in self.data["units"]:
            sent = UnitIn.model_validate({"parent": district["code"], **opened, **row})
            units.establish(session, SYSTEM, code=sent.code, fields=sent)
        source = self.data["holidays"]["source"]
        for row in self.data["holidays"]["days"]:
            day = datetime.fromisoformat(row["day"]).date()
            calendar.set_day(session, SYSTEM, day=day, is_working=False, name=row["name"], source=source)
        self.tokens = self.mint(session)
        session.flush()
        for name, token in self.tokens.items():
            found = actor_of(session, token)
            assert found is not None
            self.actors[name] = found

    def _plan(self, session: Session) -> None:
        admin, data = self.actors["administrator"], self.data
        plan = data["plan"]
        plans.issue(session, admin, code=plan["code"], year=int(plan["year"]), name=plan["name"], issuer=plan["issuer"])
        for row in data["indicators"]:
            district = row.pop("district", None)
            sent = IndicatorIn.model_validate(row)
            indicators.define(session, admin, plan=plan["code"], code=sent.code, fields=sent)
            if district:
                self._assign(session, sent.code, TargetIn.model_validate({"unit": data["district"]["code"], **district}))
        for name, given in data["synthetic_targets"].items():
            code, kind = (name.removesuffix("-stretch"), TargetKind.STRETCH) if name.endswith("-stretch") else (name, TargetKind.ASSIGNED)
            last_year = data["synthetic_targets"].get(f"{name}-last", {})
            for unit, figure in given.items() if not name.endswith("-last") else ():
                sent_target = {
                    "unit": unit,
                    "figure": figure,
                    "kind": kind,
                    "source": TargetSource.DISTRICT,
                    "last_year": last_year.get(unit),
                }
                self._assign(session, code, TargetIn.model_validate({**sent_target, "synthetic": True}))
        tasks.file_document(session, admin, plan=plan["code"], sent=SourceDocumentIn.model_validate(data["document"]))
        given_tasks = [TaskIn.model_validate({**row, "document": data["document"]["code"]}) for row in self._tasks()]
        tasks.assign(session, admin, plan=plan["code"], sent=given_tasks, at_root=False)

    def _assign(self, session: Session, code: str, sent: TargetIn) -> None:
        indicators.assign_target(
            session,
            self.actors["administrator"],
            plan=self.data["plan"]["code"],
            code=code,
            unit=sent.unit,
            kind=sent.kind,
            source=sent.source,
            figure=sent.figure,
            last_year=sent.last_year,
            synthetic=sent.synthetic,
        )

    def _tasks(self) -> Iterator[dict[str, Any]]:
        """A task `each: ward` stands for one task in each ward."""
        for row in self.data["tasks"]:
            each = row.get("each")
            if each is None:
                yield row
                continue
            shared = {key: value for key, value in row.items() if key not in {"each", "code"}}
            for unit in self.data["units"]:
                if unit["kind"] == each:
                    yield {**shared, "code": f"{row['code']}-{unit['code']}", "lead": unit["code"]}

    def _movement(self, session: Session) -> None:
        admin, secretary, data = self.actors["administrator"], self.actors["secretary"], self.data
        sent = MovementIn.model_validate({**data["movement"], "plan": data["plan"]["code"], "synthetic": True})
        movements.draft(session, secretary, code=sent.code, plan=sent.plan, kind=sent.kind, fields=sent, synthetic=True)
        for ordinal, row in enumerate(data["clusters"]):
            fields = {"code": row["code"], "name": row["name"], "ordinal": ordinal, "synthetic": True}
            movements.form_cluster(session, secretary, movement=sent.code, **fields)
            for unit in self._members(row["kind"]):
                movements.register(
                    session, secretary, movement=sent.code, unit=unit, cluster=row["code"], registered_on=None, synthetic=True
                )
        for row in data["milestones"]:
            mark = MilestoneIn.model_validate(row)
            fields = {"code": mark.code, "name": mark.name, "due_on": mark.due_on, "roll": mark.roll, "synthetic": mark.synthetic}
            movements.set_milestone(session, secretary, movement=sent.code, **fields)
        taken = [row["code"] for row in data["indicators"] if row["code"] != "gia-tri-san-xuat"]
        movements.adopt(session, secretary, movement=sent.code, indicators=taken, tasks=[row["code"] for row in self._tasks()])
        for name in ("cau-giay-25", "cau-giay-25-chuyen-mon"):
            rulebooks.write(session, admin, document=opened_from(shipped.text(name)))

    def _launch(self, session: Session) -> None:
        code, secretary = self.data["movement"]["code"], self.actors["secretary"]
        adopted = {"phuong": "cau-giay-25", "phong-ban": "cau-giay-25-chuyen-mon", "truong-hoc": "cau-giay-25-chuyen-mon"}
        effective = datetime.fromisoformat(self.data["movement"]["launched_on"]).date()
        for cluster, rulebook in adopted.items():
            rulebooks.adopt(session, secretary, movement=code, cluster=cluster, code=rulebook, version=1, effective_from=effective)
        version = newest(session, code).version.version
        movements.advance(session, secretary, code=code, expected=version, state=MovementState.LAUNCHED)

    def _register(self, session: Session) -> None:
        code, day = self.data["movement"]["code"], _at("2022-01-10", 8).date()
        for row in self.data["clusters"]:
            for unit in self._members(row["kind"]):
                if unit != row.get("unregistered"):
                    secretary = self.actors["secretary"]
                    movements.register(session, secretary, movement=code, unit=unit, cluster=row["code"], registered_on=day, synthetic=True)

    def _members(self, kind: str) -> list[str]:
        return [row["code"] for row in self.data["units"] if row["kind"] == kind]

    def _reports(self) -> Iterator[Step]:
        due = [{**row, "due_on": datetime.fromisoformat(row["due_on"]).date()} for row in self._tasks()]
        numbers: Counter[str] = Counter()
        units_of = {row["code"]: row for row in self.data["units"]}
        for report in sorted(story.reports(self.data["synthetic_targets"], due), key=lambda one: one.at):
            sent: dict[str, Any] = {}
            numbers[report.unit] += 1
            unit = units_of[report.unit]
            cited = story.evidence(numbers[report.unit], report, unit["kind"], unit["name"])
            yield report.at, self._submission(report, cited, sent)
            if report.reviewed_at is not None:
                yield report.reviewed_at, self._review(report, sent)

    def _submission(self, report: story.Report, cited: dict[str, Any], sent: dict[str, Any]) -> Callable[[Session], None]:
        head = {"plan": self.data["plan"]["code"], "unit": report.unit, "synthetic": True, "evidence": [cited]}
        claim = SubmissionIn.model_validate({**head, **report.fields})

        def deed(session: Session) -> None:
            row = progress.submit(session, self.actors[f"officer:{report.unit}"], claims=[claim])[0].row
            sent["id"], sent["appraiser"] = row.id, row.appraiser_code

        return deed

    def _review(self, report: story.Report, sent: dict[str, Any]) -> Callable[[Session], None]:
        def deed(session: Session) -> None:
            appraiser = self.actors[f"appraiser:{sent['appraiser']}"]
            if report.deed == "withdraw":
                reviewing.withdraw(session, self.actors[f"officer:{report.unit}"], submission_id=sent["id"], expected=1)
            elif report.deed == "return":
                reason = say("vi", "demo", "returned")
                reviewing.return_for_correction(session, appraiser, submission_id=sent["id"], expected=1, reason=reason)
            else:
                reviewing.accept(session, appraiser, submission_id=sent["id"], expected=1)

        return deed


def _at(day: str, hour: int) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), time(hour), ZONE)
