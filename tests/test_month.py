"""A scripted month: 20 units, 5 appraising departments, 400 tasks, 2,000 reports; late, returned, extended, merged, complained about.

Beside the service a clerk keeps her own book, in plain dictionaries and with none of the service's code. At the end every statistic is
counted from that book, and the board is computed anew.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.clock import ZONE
from tests.conftest import Hand
from tests.test_board import kept, recomputed
from tests.test_events import define, happened
from tests.world import MOVEMENT, PLAN, RULEBOOK, World

UNITS = [f"u-{n:02d}" for n in range(1, 21)]
DEPARTMENTS = [f"d-{n}" for n in range(1, 6)]
INDICATORS = {f"i-{n}": f"d-{n}" for n in range(1, 6)}
DAY = timedelta(days=1)
TASKS, REPORTS = f"/plans/{PLAN}/tasks", 2000
NEW = "u-21"
QUIET_DAYS = 10


def item(code: str, measure: dict[str, Any], award: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "title": {"vi": code, "en": code}, "clause": code, "standard": "0", "measure": measure, "award": award, **more}


BOOK = RULEBOOK | {
    "version": 2,
    "items": [
        item("T", {"kind": "tasks_on_time"}, {"shape": "each", "points": "1", "limit": "40"}),
        item("O", {"kind": "tasks_overdue"}, {"shape": "each", "points": "-1"}),
        item("L", {"kind": "reports_late"}, {"shape": "each", "points": "-0.5"}),
        item("E", {"kind": "events", "events": ["vi-pham"], "verified": True}, {"shape": "each", "points": "-5"}),
        item("F", {"kind": "figure", "indicator": "i-1"}, {"shape": "each", "points": "0.1", "limit": "30"}),
    ],
}


@dataclass
class Job:
    """A task as the clerk knows it."""

    lead: str
    appraiser: str
    due: date | None
    first_due: date | None
    since: datetime
    standing: str = "active"
    said: dict[str, datetime] = field(default_factory=dict)
    """When each unit last said something of it."""
    sent: dict[str, list["Sent"]] = field(default_factory=lambda: defaultdict(list))
    version: int = 1


@dataclass
class Sent:
    """A report as the clerk sent it."""

    id: str
    unit: str
    at: datetime
    due: date | None
    raw_late: bool
    on: date | None = None
    state: str = "waiting"
    supplement: date | None = None


class Month:
    def __init__(self, world: World, hand: Hand) -> None:
        self.world, self.hand, self.dice = world, hand, random.Random(2022)  # noqa: S311
        self.jobs: dict[str, Job] = {}
        self.figures: dict[tuple[str, str, str], list[Sent]] = defaultdict(list)
        self.reports: dict[str, Sent] = {}
        self.asked: list[tuple[str, date]] = []
        self.outage: tuple[date, date, date] | None = None
        self.done: Counter[str] = Counter()

    # -- the calendar, in the clerk's own words

    def moved(self, day: date) -> date:
        return self.outage[2] if self.outage is not None and self.outage[0] <= day <= self.outage[1] else day

    def report_due(self, period: str) -> date:
        year, month = map(int, period.split("-"))
        day = date(year + month // 12, month % 12 + 1, 5)
        while day.weekday() > 4:
            day += DAY
        return self.moved(day)

    @staticmethod
    def ends(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=ZONE) + DAY

    # -- the month

    def key(self, unit: str, role: str) -> None:
        sent = {"label": f"{unit}-{role}", "role": role, "unit": unit, "expires_at": "2027-01-01T00:00:00+07:00"}
        self.world.keys[unit] = self.ok("administrator", "POST", "/keys", sent)["key"]

    def ok(self, who: str, method: str, path: str, sent: Any = None, version: int | None = None) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = self.world.call(who, method, path, headers=headers, **({} if sent is None else {"json": sent}))
        assert answer.status_code < 300, (path, sent, answer.text)
        return answer.json()

    def prepare(self) -> None:
        self.hand.at = datetime(2022, 5, 31, 9, tzinfo=ZONE)
        for code in (*UNITS, *DEPARTMENTS):
            kind = "ward" if code in UNITS else "department"
            self.ok(
                "administrator",
                "POST",
                "/units",
                {"code": code, "name": code, "kind": kind, "parent": "cau-giay", "opens_on": "1997-09-01"},
            )
            self.key(code, "unit_officer" if code in UNITS else "appraiser")
        for code, appraiser in INDICATORS.items():
            other = DEPARTMENTS[(DEPARTMENTS.index(appraiser) + 1) % 5]
            fields = {"name": code, "unit_of_measure": "việc", "accumulation": "cumulative", "owner": appraiser, "appraiser": appraiser}
            more = {"code": code, "alternate_appraiser": other, "period_scheme": "month"}
            self.ok("administrator", "POST", f"/plans/{PLAN}/indicators", {**fields, **more})
            for unit in UNITS:
                self.target(code, unit)
        self.assign()
        for unit in UNITS:
            self.register(unit)
        self.ok("secretary", "POST", f"/movements/{MOVEMENT}/adoptions", {"indicators": list(INDICATORS), "tasks": list(self.jobs)})
        assert define(self.world, "vi-pham").status_code == 200
        self.ok("administrator", "POST", "/rulebooks", BOOK)
        warned = self.ok("secretary", "GET", f"/rulebooks/thu/versions/2/warnings?movement={MOVEMENT}")["items"]
        named = {"rulebook": "thu", "version": 2, "effective_from": "2022-01-01", "acknowledged": [one["warning"] for one in warned]}
        self.ok("secretary", "POST", f"/movements/{MOVEMENT}/rulebooks", named)

    def target(self, code: str, unit: str) -> None:
        self.ok("administrator", "POST", f"/plans/{PLAN}/indicators/{code}/targets", {"unit": unit, "source": "district", "figure": "100"})

    def register(self, unit: str) -> None:
        sent = {"unit": unit, "cluster": "phuong", "registered_on": "2022-05-31"}
        self.ok("secretary", "POST", f"/movements/{MOVEMENT}/registrations", sent)

    def assign(self) -> None:
        sent = []
        for number in range(400):
            due = None if self.dice.random() < 0.1 else date(2022, 6, 1) + DAY * self.dice.randrange(45)
            job = Job(UNITS[number % 20], self.dice.choice(DEPARTMENTS), due, due, self.hand.now())
            self.jobs[f"t-{number:03d}"] = job
            fields = {"code": f"t-{number:03d}", "title": "Việc", "lead": job.lead, "appraiser": job.appraiser}
            sent.append({**fields, **({} if due is None else {"due_on": due.isoformat()})})
        self.ok("administrator", "POST", TASKS, sent)

    def day(self, today: date) -> None:
        self.hand.at = datetime(today.year, today.month, today.day, 9, tzinfo=ZONE) + timedelta(minutes=self.dice.randrange(300))
        self.answer_requests()
        for unit in [unit for unit in (*UNITS, NEW) if unit in self.world.keys and self.is_open(unit, today)]:
            self.work(unit, today)
        self.hand.forward(hours=2)
        for department in DEPARTMENTS:
            self.appraise(department)
        self.hand.forward(hours=1)
        self.stand()

    def is_open(self, unit: str, today: date) -> bool:
        return unit not in UNITS[18:] or today < date(2022, 6, 15)

    def work(self, unit: str, today: date) -> None:
        lines: list[dict[str, Any]] = []
        wanted = 4 if self.dice.random() < 0.6 else 3
        mine = [code for code, job in self.jobs.items() if job.lead == unit and job.standing == "active"]
        for code in self.dice.sample(mine, min(2, len(mine))):
            on = today - DAY * self.dice.randrange(6)
            lines.append({"plan": PLAN, "unit": unit, "task": code, "completed_on": on.isoformat()})
        while len(lines) < wanted:
            period = f"2022-0{self.dice.randint(1, 6)}"
            figure = str(self.dice.randrange(1, 200))
            lines.append(
                {
                    "plan": PLAN,
                    "unit": unit,
                    "indicator": self.dice.choice(list(INDICATORS)),
                    "period": period,
                    "figure": figure,
                    "confirmed": True,
                }
            )
        told = self.ok(unit, "POST", "/submissions/lines", lines)
        assert told["refused"] == 0, told
        for line, one in zip(lines, told["lines"], strict=True):
            self.note(line, one["submission"]["id"])
        if mine and self.dice.random() < 0.3:
            code = self.dice.choice(mine)
            answer = self.world.post(unit, f"{TASKS}/{code}/updates", {"unit": unit, "percent": 50})
            if answer.status_code == 201:
                self.jobs[code].said[unit] = self.hand.now()
                self.done["updates"] += 1
        if mine and self.dice.random() < 0.2:
            self.ask(unit, self.dice.choice(mine), today)

    def note(self, line: dict[str, Any], identifier: str) -> None:
        now = self.hand.now()
        if "task" in line:
            job = self.jobs[line["task"]]
            due = None if job.due is None else self.moved(job.due)
            last = self.supplemented(due, job.sent[line["unit"]])
            is_late = last is not None and now >= self.ends(last)
            one = Sent(identifier, line["unit"], now, due, is_late, date.fromisoformat(line["completed_on"]))
            job.sent[one.unit].append(one)
            job.said[one.unit] = now
        else:
            before = self.figures[line["unit"], line["indicator"], line["period"]]
            last = self.supplemented(self.report_due(line["period"]), before)
            one = Sent(identifier, line["unit"], now, last, last is not None and now >= self.ends(last))
            before.append(one)
        self.reports[identifier] = one
        self.done["reports"] += 1

    def supplemented(self, due: date | None, before: list[Sent]) -> date | None:
        """What came in time and was returned may come again until the day that was named."""
        if due is None:
            return None
        return max([due, *(self.moved(one.supplement) for one in before if one.supplement is not None and not self.is_late(one))])

    def is_late(self, one: Sent) -> bool:
        return one.raw_late and one.due is not None and one.at >= self.ends(self.moved(one.due))

    def ask(self, unit: str, code: str, today: date) -> None:
        job = self.jobs[code]
        if job.due is None or any(code == other for other, _ in self.asked):
            return
        later = max(job.due, today) + DAY * 7
        sent = {"kind": "extension", "reason": "x", "due_on": later.isoformat()}
        answer = self.world.post(unit, f"{TASKS}/{code}/requests", sent, headers={"If-Match": f'"{job.version}"'})
        if answer.status_code == 201:
            self.asked.append((code, later))

    def answer_requests(self) -> None:
        for code, later in self.asked:
            number = self.ok("administrator", "GET", f"{TASKS}/{code}/requests")["items"][-1]["number"]
            job, path = self.jobs[code], f"{TASKS}/{code}/requests/{number}"
            match = {"headers": {"If-Match": f'"{job.version}"'}}
            if self.dice.random() < 0.7 and self.world.post("administrator", f"{path}/grant", {"reason": "x"}, **match).status_code == 200:
                job.due, job.version = later, job.version + 1
                self.done["extensions"] += 1
            else:
                self.ok("administrator", "POST", f"{path}/refusal", {"reason": "x"}, job.version)
        self.asked = []

    def appraise(self, department: str) -> None:
        waiting = self.ok(department, "GET", "/submissions?state=waiting&limit=200")["items"]
        outcomes = defaultdict[str, list[dict[str, Any]]](list)
        for one in waiting:
            chance = self.dice.random()
            outcome = "accepted" if chance < 0.6 else "corrected" if chance < 0.65 else "returned" if chance < 0.8 else "left"
            if one["superseded"] and outcome != "returned":
                continue
            if outcome == "corrected":
                self.correct(department, one)
            elif outcome != "left":
                outcomes[outcome].append({"id": one["id"], "version": 1})
        supplement = self.hand.now().date() + DAY * 3
        for outcome, chosen in outcomes.items():
            more = {"reason": "x", "supplement_by": supplement.isoformat()} if outcome == "returned" else {}
            for one in self.ok(department, "POST", "/submissions/decisions", {"outcome": outcome, "submissions": chosen, **more}):
                self.reports[one["id"]].state = outcome
                self.reports[one["id"]].supplement = supplement if outcome == "returned" else None
                self.done[outcome] += 1

    def correct(self, department: str, one: dict[str, Any]) -> None:
        if one["figure"] is not None:
            sent = {"figure": str(int(one["figure"]) + 1), "reason": "x"}
            self.ok(department, "POST", f"/submissions/{one['id']}/acceptance", sent, 1)
            self.reports[one["id"]].state = "accepted"
            self.done["corrected"] += 1

    def stand(self) -> None:
        code = self.dice.choice([code for code, job in self.jobs.items() if job.standing != "recalled" and not self.is_done(job)])
        job = self.jobs[code]
        deed = self.dice.choice(["suspension", "suspension", "recall"]) if job.standing == "active" else "resumption"
        answer = self.world.post("administrator", f"{TASKS}/{code}/{deed}", {"reason": "x"}, headers={"If-Match": f'"{job.version}"'})
        if answer.status_code == 200:
            job.standing = {"suspension": "suspended", "recall": "recalled", "resumption": "active"}[deed]
            job.version += 1
            self.done[deed] += 1

    def merge(self) -> None:
        """The last two wards become one; what they had not done is passed on."""
        self.answer_requests()
        into = {"code": NEW, "name": NEW, "kind": "ward", "parent": "cau-giay"}
        sent = {"kind": "merged", "on": "2022-06-15", "units": UNITS[18:], "into": [into], "source": "NQ"}
        self.ok("administrator", "POST", "/unit-successions", sent)
        self.key(NEW, "unit_officer")
        for code in INDICATORS:
            self.target(code, NEW)
        self.register(NEW)
        for unit in UNITS[18:]:
            passed = self.ok("administrator", "POST", f"/plans/{PLAN}/task-inheritances", {"unit": unit, "into": NEW, "reason": "NQ"})
            undone = {code for code, job in self.jobs.items() if job.lead == unit and job.standing != "recalled" and not self.is_done(job)}
            assert {task["code"] for task in passed} == undone
            for code in undone:
                self.jobs[code].lead, self.jobs[code].since = NEW, self.hand.now()
                self.jobs[code].version += 1
                self.done["passed on"] += 1

    def complain(self) -> None:
        """Three sheets are posted; a neighbour complains about each, and is right about one."""
        for number, unit in enumerate(UNITS[:3]):
            path = f"/movements/{MOVEMENT}/units/{unit}/postings"
            self.ok(unit, "POST", path, {"days": 5})
            comment = {"channel": "unit", "by_unit": UNITS[5], "text": "Chưa đúng"}
            made = self.ok(UNITS[5], "POST", f"{path}/1/comments", comment)["id"]
            answer: dict[str, Any] = {"outcome": "unverified", "text": "Không có căn cứ"}
            if number == 0:
                event = happened(self.world, "alternate", "vi-pham", unit=unit, on="2022-06-20").json()["id"]
                answer = {"outcome": "verified", "text": "Đúng", "event": event}
            self.ok("secretary", "POST", f"/comments/{made}/answer", answer)
            self.done["complaints"] += 1

    # -- the clerk's own counts

    @staticmethod
    def is_done(job: Job) -> bool:
        return any(one.state == "accepted" for one in job.sent[job.lead])

    def judged(self, job: Job) -> tuple[str, str | None]:
        """Both axes of a task, by the clerk's book."""
        if job.standing != "active":
            return job.standing, None
        mine, now = job.sent[job.lead], self.hand.now()
        accepted = [one for one in mine if one.state == "accepted"]
        if accepted:
            last = accepted[-1]
            return "done", "done_on_time" if last.due is None or last.on is None or last.on <= self.moved(last.due) else "done_late"
        waiting = [one for one in mine if one.state == "waiting"]
        progress = "awaiting_confirmation" if waiting else "in_progress" if job.lead in job.said else "not_started"
        if job.due is None:
            return progress, "no_deadline"
        ends = self.ends(self.moved(job.due))
        if waiting and waiting[-1].on is not None and waiting[-1].on <= self.moved(job.due) and ends <= now:
            return progress, "in_time"
        return progress, "overdue" if now >= ends else "due_soon" if ends - now <= DAY * 7 else "in_time"

    def tally(self, jobs: list[Job]) -> dict[str, Any]:
        states = [(job, *self.judged(job)) for job in jobs]
        wanted = [one for one in states if one[1] not in {"suspended", "recalled"}]
        undone = [one for one in wanted if one[1] != "done"]
        since = self.hand.now() - DAY * QUIET_DAYS
        quiet = [job for job, progress, _ in undone if progress != "awaiting_confirmation" and job.said.get(job.lead, job.since) < since]
        at_first = [job for job, progress, _ in wanted if progress == "done" and self.was_first(job)]
        waits = [job for job, _, _ in wanted if self.waits(job)]
        overdue = sum(timing == "overdue" for _, _, timing in wanted)
        dated = sum(job.due is not None for job, _, _ in wanted)
        finished = len(wanted) - len(undone)
        return {
            "all": len(jobs),
            "wanted": len(wanted),
            "with_deadline": dated,
            "states": dict(Counter((progress, timing) for _, progress, timing in states)),
            "overdue_of_wanted": share(overdue, len(wanted)),
            "overdue_of_dated": share(overdue, dated),
            "not_updated": share(len(quiet), len(undone)),
            "on_time": share(sum(timing == "done_on_time" for _, _, timing in wanted), finished),
            "on_time_at_first": share(len(at_first), finished),
            "awaiting": share(len(waits), len(wanted)),
            "backlog": {2022: len(undone)} if undone else {},
        }

    def was_first(self, job: Job) -> bool:
        last = [one for one in job.sent[job.lead] if one.state == "accepted"][-1]
        return last.on is not None and (job.first_due is None or last.on <= self.moved(job.first_due))

    def report_tally(self, unit: str) -> dict[str, Any]:
        """What a unit had to report of January to May, and what it did."""
        judged = Counter[str]()
        newest = 0
        for code in INDICATORS:
            for month in range(1, 6):
                period = f"2022-{month:02d}"
                here = [one for one in self.figures[unit, code, period] if one.state in {"waiting", "accepted"}]
                due = self.hand.now() >= self.ends(self.report_due(period))
                judged["received"] += bool(here)
                state = "overdue" if not here else "late" if all(self.is_late(one) for one in here) else "on_time"
                judged[state] += due
                judged["due"] += due
                newest += month == 5 and not here
        due_of = judged["due"]
        return {
            "received": share(judged["received"], len(INDICATORS) * 5),
            **{state: share(judged[state], due_of) for state in ("on_time", "late", "overdue")},
            "not_updated": share(newest, len(INDICATORS)),
        }

    @staticmethod
    def waits(job: Job) -> bool:
        """A report came after the last one that was accepted, and nobody has decided."""
        states = [one.state for one in job.sent[job.lead] if one.state in {"waiting", "accepted"}]
        return "waiting" in (states if "accepted" not in states else states[len(states) - states[::-1].index("accepted") :])


def share(count: int, of: int) -> tuple[int, int, str | None]:
    percent = None if not of else (Decimal(100 * count) / of).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return count, of, None if percent is None else format(percent.normalize(), "f")


def told(tally: dict[str, Any]) -> dict[str, Any]:
    """The service's answer, in the clerk's form."""
    found = {name: value for name, value in tally.items() if name in {"all", "wanted", "with_deadline"}}
    found["states"] = {(one["progress"], one["timing"]): one["count"] for one in tally["states"]}
    found["backlog"] = {one["year"]: one["count"] for one in tally["backlog"]}
    for name, value in tally.items():
        if isinstance(value, dict):
            found[name] = (value["count"], value["of"], value["percent"])
    return found


def every_report(world: World) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        asked = {"limit": 200, **({} if cursor is None else {"cursor": cursor})}
        answer = world.get("secretary", "/submissions", params=asked).json()
        found += answer["items"]
        cursor = answer["next"]
        if cursor is None:
            return found


def test_a_month_adds_up(world: World, hand: Hand) -> None:
    month = Month(world, hand)
    month.prepare()
    for number in range(30):
        today = date(2022, 6, 1) + DAY * number
        if today == date(2022, 6, 15):
            hand.at = datetime(2022, 6, 15, 8, tzinfo=ZONE)
            month.merge()
        if today == date(2022, 6, 9):
            month.outage = (date(2022, 6, 6), date(2022, 6, 7), date(2022, 6, 10))
            sent = {"starts_on": "2022-06-06", "ends_on": "2022-06-07", "moves_to": "2022-06-10", "reason": "x", "source": "x"}
            month.ok("administrator", "PUT", "/calendar/outages/su-co", sent, 0)
        if today == date(2022, 6, 25):
            month.complain()
        month.day(today)
    deeds = {"accepted", "returned", "corrected", "extensions", "updates", "passed on", "complaints", "suspension", "recall"}
    assert all(month.done[name] >= 3 for name in deeds), month.done
    assert month.done["reports"] >= REPORTS, month.done

    asked = {"quiet_days": QUIET_DAYS}
    statistics = world.get("administrator", f"/plans/{PLAN}/task-statistics", params=asked).json()
    by_unit = defaultdict[str, list[Job]](list)
    for job in month.jobs.values():
        by_unit[job.lead].append(job)
    found = {one["unit"]: told(one) for one in statistics["units"] if one["unit"] != "dich-vong"}
    assert found == {unit: month.tally(jobs) for unit, jobs in by_unit.items()}
    assert sum(one["count"] for one in statistics["total"]["states"]) == 401, "and the task of the world's own"

    tallies = {one["unit"]: one for one in world.get("administrator", f"/plans/{PLAN}/report-statistics").json()["units"]}
    for unit in UNITS:
        mine = {name: (one["count"], one["of"], one["percent"]) for name, one in tallies[unit].items() if isinstance(one, dict)}
        assert mine == month.report_tally(unit), unit
    assert NEW not in tallies, "no period was over while it was there"
    assert {state for unit in UNITS for state, (count, *_) in month.report_tally(unit).items() if count} >= {"on_time", "late", "overdue"}

    reports = every_report(world)
    assert {one["id"]: one["state"] for one in reports} == {one.id: one.state for one in month.reports.values()}
    late = {one["id"] for one in reports if "late" in one["flags"]}
    assert late == {one.id for one in month.reports.values() if month.is_late(one)}
    assert {one.id for one in month.reports.values() if one.raw_late} > late, "the outage excuses some"

    assert kept(world) == recomputed(world)
    ranked = world.standings()
    assert [ranked[unit][0] for unit in UNITS[18:]] == [None, None], "merged within the movement"
    assert ranked[NEW][0] is not None
    sheet = world.get("secretary", f"/movements/{MOVEMENT}/units/{UNITS[0]}/sheet").json()
    assert {line["code"]: line["points"] for line in sheet["lines"]}["E"] == "-5", "the complaint that was right"
