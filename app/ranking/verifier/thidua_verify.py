#!/usr/bin/env python3
"""Verify a published result of Thi dua with nothing but Python (3.9 or later).

    python3 thidua_verify.py BUNDLE.zip [--key NAME+MARK+KEY]

It checks the signature and the digest, that no byte was changed, scores every unit anew from its facts by the rulebook that
is in the bundle, places the units anew, and checks what the bundle says of the trail (RFC 6962). It shares no code with the
service: numbers are fractions here. Exit code 0: everything holds; 1: something does not, each by its place; 2: no bundle.
"""

import argparse
import base64
import hashlib
import io
import json
import struct
import sys
import zipfile
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from math import floor, inf

FORMAT = "thidua/publication/1"
RESULT, DECISION, NOTE, LEAVES = "result.json", "decision.json", "publication.note", "leaves.json"
BESIDE = {NOTE, LEAVES, "thidua_verify.py", "trail/checkpoint", "trail/consistency.json"}
ZONE = timezone(timedelta(hours=7))
DAY = timedelta(days=1)


# --- Ed25519 (RFC 8032) ---------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _point(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def _plus(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _plus(found, point)
        point, number = _plus(point, point), number >> 1
    return found


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x_of(_BASE_Y, 0)
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def is_signed(public, message, signature):
    """Whether an Ed25519 signature over the message is that of the public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = _point(public), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or point is None or number >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(number, BASE), _plus(point, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The tree of RFC 6962, notes ------------------------------------------------------------------------------------


def leaf_of(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_of(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return node_of(root_of(leaves[:middle]), root_of(leaves[middle:]))


def leads_to(leaf, index, size, path, root):
    """Whether a path leads from a leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    last, found = size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = node_of(step, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_of(found, step)
        index, last = index >> 1, last >> 1
    return last == 0 and found == root


def begins(size, root, larger, larger_root, proof):
    """Whether the tree of `size` is the beginning of the larger one (RFC 9162, 2.1.4.2)."""
    if size == larger:
        return root == larger_root and not proof
    if not 0 < size < larger:
        return False
    path = list(proof)
    if size & (size - 1) == 0:
        path.insert(0, root)
    if not path:
        return False
    index, last = size - 1, larger - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_of(step, old), node_of(step, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_of(new, step)
        index, last = index >> 1, last >> 1
    return last == 0 and old == root and new == larger_root


class Wrong(ValueError):
    """Something does not hold; the text says what."""


def opened_key(text):
    """(name, mark, public key) of `NAME+MARK+KEY`."""
    try:
        name, mark, key = text.strip().split("+", 2)
        held = base64.b64decode(key, validate=True)
    except ValueError:
        raise Wrong("not a key: NAME+MARK+KEY") from None
    if held[:1] != b"\x01" or hashlib.sha256(name.encode() + b"\n" + held).digest()[:4].hex() != mark:
        raise Wrong("not a key: its mark is another's")
    return name, mark, held[1:]


def note_text(note, key):
    """The text of a signed note (C2SP), once its signature holds."""
    text, gap, line = note.rpartition("\n\n")
    parts = line.split(" ")
    if not gap or len(parts) != 3 or parts[0] != "\N{EM DASH}" or not parts[2].endswith("\n"):
        raise Wrong("not a signed note")
    try:
        held = base64.b64decode(parts[2][:-1], validate=True)
    except ValueError:
        raise Wrong("not a signed note") from None
    if base64.b64encode(held).decode() + "\n" != parts[2]:
        raise Wrong("not a signed note")
    if (parts[1], held[:4].hex()) != (key[0], key[1]):
        raise Wrong("signed by another key: " + parts[1])
    if not is_signed(key[2], (text + "\n").encode(), held[4:]):
        raise Wrong("the signature does not hold")
    return text + "\n"


# --- Days and periods -----------------------------------------------------------------------------------------------


class Calendar:
    def __init__(self, told):
        self.off = {date.fromisoformat(day) for day in told.get("off", [])}
        self.working = {date.fromisoformat(day) for day in told.get("working", [])}
        self.outages = [tuple(date.fromisoformat(one[name]) for name in ("from", "to", "moves_to")) for one in told.get("outages", [])]

    def works(self, day):
        return day in self.working or (day.weekday() < 5 and day not in self.off)

    def moved(self, day):
        while True:
            covering = [to for starts, ends, to in self.outages if starts <= day <= ends]
            if not covering:
                return day
            day = max(covering)
            while not self.works(day):
                day += DAY

    def rolled(self, day, roll):
        step = {"none": None, "forward": DAY, "backward": -DAY}[roll]
        while step is not None and not self.works(day):
            day += step
        return self.moved(day)

    def working_days(self, start, end):
        """In [start, end); negative backwards."""
        if end < start:
            return -self.working_days(end, start)
        return sum(self.works(start + DAY * n) for n in range((end - start).days))


def over_at(day):
    """The first instant after a day."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + DAY


# How many months, the day of the month on which it begins, by how many months it begins early.
SCHEMES = {
    "month": (1, 1, 0),
    "month_15_14": (1, 15, 1),
    "quarter": (3, 1, 0),
    "half_year": (6, 1, 0),
    "year": (12, 1, 0),
    "year_15_12": (12, 15, 1),
    "year_16_11": (12, 16, 2),
    "school_year": (12, 1, 4),
}


def first_and_last(scheme, nth):
    """The days of the nth period since year 0."""
    months, day, early = SCHEMES[scheme]
    first, after = nth * months - early, (nth + 1) * months - early
    return date(first // 12, first % 12 + 1, day), date(after // 12, after % 12 + 1, day) - DAY


def nth_of(scheme, code):
    months = SCHEMES[scheme][0]
    if scheme == "school_year":
        return int(code[5:])
    year, _, rest = code.partition("-")
    return int(year) * (12 // months) + (int(rest.lstrip("QH")) - 1 if rest else 0)


def code_of(scheme, nth):
    months = SCHEMES[scheme][0]
    if scheme == "school_year":
        return "%04d-%04d" % (nth - 1, nth)
    year, index = divmod(nth, 12 // months)
    return "%04d" % year + {1: "-%02d", 3: "-Q%d", 6: "-H%d", 12: ""}[months] % (() if months == 12 else (index + 1,))


def ending_within(scheme, starts, ends):
    """(code, last day) of the periods whose last day lies in [starts, ends]."""
    nth = starts.year * 12 // SCHEMES[scheme][0] - 1
    while True:
        last = first_and_last(scheme, nth)[1]
        if last > ends:
            return
        if last >= starts:
            yield code_of(scheme, nth), last
        nth += 1


# --- The rulebook, read in fractions --------------------------------------------------------------------------------

STAGES = {
    "claimed": ("claimed",),
    "appraised": ("appraised",),
    "council_proposed": ("council_proposed", "appraised"),
    "decided": ("decided", "appraised"),
    "strict": ("appraised",),
}


def number(value):
    return Fraction(str(value))


def within(edges, value):
    fails = [
        "at_least" in edges and value < number(edges["at_least"]),
        "more_than" in edges and value <= number(edges["more_than"]),
        "at_most" in edges and value > number(edges["at_most"]),
        "less_than" in edges and value >= number(edges["less_than"]),
    ]
    return not any(fails)


def between(window, day):
    return window is None or date.fromisoformat(window["starts"]) <= day <= date.fromisoformat(window["ends"])


class Given:
    """What a node gives; a node that is left out is None instead."""

    def __init__(self, standard, bonus, deduction, base, applies=True):
        self.standard, self.bonus, self.deduction, self.base, self.applies = standard, bonus, deduction, base, applies

    @property
    def points(self):
        return self.standard + self.bonus + self.deduction


class Terms:
    """What a sheet is judged by, beside the unit's facts."""

    def __init__(self, instant, calendar=None, indicators=None):
        self.instant = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
        self.calendar, self.indicators = Calendar(calendar or {}), indicators or {}


class Reading:
    """One unit's facts in one view, and what was found of each node so far."""

    def __init__(self, facts, terms, view="appraised", book=None):
        self.facts, self.terms, self.view, self.book = facts, terms, view, book
        self.given, self.marks = {}, {}
        for stage in reversed(STAGES[view]):
            self.marks.update({one["node"]: number(one["points"]) for one in facts.get("marks", []) if one["stage"] == stage})

    def child(self, facts):
        return Reading(facts, self.terms, self.view, self.book)

    def children(self):
        return [self.child(one) for one in sorted(self.facts.get("children", []), key=lambda one: one["unit"])]

    def counts(self, one):
        """Whether a report or an event counts in this view."""
        return self.view == "claimed" or one.get("accepted", True)

    def of(self, code):
        if code not in self.given:
            placed(self.book.nodes[code], self)
        return self.given[code]

    def points(self, code):
        found = self.of(code)
        return Fraction(0) if found is None else found.points

    def letter(self, code):
        return next((band["grade"] for band in self.book.nodes[code].get("grades", []) if within(band, self.points(code))), None)

    def result(self, assessment):
        return next((one for one in self.facts.get("results", []) if one["assessment"] == assessment), {})

    def grade(self, assessment):
        return self.result(assessment).get("grade")

    def waived(self, code):
        """None where nothing is; infinity where all is."""
        found = [one for one in self.facts.get("waivers", []) if one["node"] == code]
        return found[-1].get("occurrences", inf) if found else None

    def figures(self, code, every=False):
        """By period, the report that counts: the later of two. `every`: waiting ones too, in whatever view."""
        terms, found = self.terms.indicators[code], {}
        for one in self.facts.get("figures", []):
            if one["indicator"] == code and (every or self.counts(one)):
                last = first_and_last(terms.get("scheme", "month"), nth_of(terms.get("scheme", "month"), one["period"]))[1]
                if between(terms["window"], last):
                    found[one["period"]] = one
        return found

    def target(self, code):
        return next((one for one in self.facts.get("targets", []) if one["indicator"] == code), {})


class Book:
    """A rulebook: every node under its code, with what it takes from the group that it stands in."""

    def __init__(self, document):
        self.document, self.nodes = document, {}
        root = {
            name: document[name]
            for name in ("items", "bonuses_at_most", "deductions_at_most", "rebased", "maximum", "minimum")
            if name in document
        }
        self._add({**root, "code": ""}, document.get("rounding"), document["missing"])

    def _add(self, node, rounding, missing):
        own = dict(node, rounding=node.get("rounding", rounding), missing=node.get("missing", missing), inherited=missing)
        self.nodes[node["code"]] = own
        if "items" in node:
            own["items"] = [self._add(part, own["rounding"], own["missing"]) for part in node["items"]]
        return own

    def codes(self):
        return list(self.nodes)


def measured(measure, of):
    """An exact number; None where there is nothing to measure."""
    kind = measure["kind"]
    if kind in ("points", "percent_of_standard", "percent_of_maximum"):
        return _of_node(measure, of)
    if kind in ("children", "children_where"):
        return (_of_children if kind == "children" else _where)(measure, of.children())
    if kind.startswith("tasks") or kind == "percent_tasks_on_time":
        return _share_or_count(_tasks(measure, of), kind)
    if kind.startswith("reports") or kind == "percent_reports_on_time":
        return _share_or_count(_reports(measure, of), kind)
    simple = {"events": _events, "sum": _sum, "ratio": _ratio, "days_open": _days_open, "result": _number_of, "figure": _figure}
    if kind in simple:
        return simple[kind](measure, of)
    halves = _halves(measure, of)
    return None if halves is None else halves[0] / halves[1]


def _of_node(measure, of):
    if of.of(measure["node"]) is None:
        return None
    points, node = of.points(measure["node"]), of.book.nodes[measure["node"]]
    if measure["kind"] == "points":
        return points
    return 100 * points / (base(node) if measure["kind"] == "percent_of_standard" else reach(node)[0][1])


def _figure(measure, of):
    reported = of.figures(measure["indicator"]) if measure["indicator"] in of.terms.indicators else {}
    terms = of.terms.indicators.get(measure["indicator"], {})
    scheme = terms.get("scheme", "month")
    kept = {
        period: one for period, one in reported.items() if between(measure.get("window"), first_and_last(scheme, nth_of(scheme, period))[1])
    }
    if not kept:
        return None
    if terms.get("accumulation", "cumulative") == "period_value":
        return sum((number(one.get("figure", 0)) for one in kept.values()), Fraction(0))
    return number(kept[max(kept)].get("figure", 0))


BASES = {"percent_of_target": "assigned", "percent_of_stretch": "stretch", "percent_of_last_year": "last_year"}


def _halves(measure, of):
    """100 times a figure and what it is a share of, the latter above nothing."""
    told = of.target(measure["indicator"]).get(BASES[measure["kind"]])
    figure = _figure(measure, of)
    if told is None or not number(told) or figure is None:
        return None
    sign = 1 if number(told) > 0 else -1
    return 100 * figure * sign, abs(number(told))


def _tasks(measure, of):
    """By task, its last entry; what was done by which deadline."""
    found = {"on_time": 0, "late": 0, "overdue": 0, "ahead": 0, "early": 0}
    tasks = {}  # type: dict
    for one in of.facts.get("tasks", []):
        kept = tasks.setdefault(one["task"], {})
        kept["task"] = one
        if one.get("completed_on") is not None and of.counts(one):
            kept["done"] = one
    by = measure.get("early_by", {"days": 1})
    for code, kept in tasks.items():
        if "tasks" in measure and code not in measure["tasks"]:
            continue
        task, done = kept["task"], kept.get("done")
        if done is None:
            due = task.get("due_on")
            is_over = due is not None and of.terms.instant >= over_at(
                of.terms.calendar.rolled(date.fromisoformat(due), task.get("roll", "none"))
            )
            found["overdue" if is_over else "ahead"] += 1
            continue
        due = done.get("due_then", done.get("due_on"))
        on = date.fromisoformat(done["completed_on"])
        found["on_time" if due is None or on <= date.fromisoformat(due) else "late"] += 1
        found["early"] += due is not None and _days(on, date.fromisoformat(due), by, of.terms.calendar) >= by["days"]
    return found


def _days(start, end, by, calendar):
    return calendar.working_days(start + DAY, end + DAY) if by.get("counted") == "working" else (end - start).days


def _reports(measure, of):
    """Reporting is the unit's own duty: what waits counts in every view, what a supplier sends does not."""
    found = {"on_time": 0, "late": 0, "missing": 0}
    for code, terms in of.terms.indicators.items():
        target = of.target(code)
        if ("indicators" in measure and code not in measure["indicators"]) or target.get("assigned") is None:
            continue
        starts = max(date.fromisoformat(terms["window"]["starts"]), date.fromisoformat(target.get("reported_from", "0001-01-01")))
        reported = of.figures(code, every=True)
        for period, last in ending_within(terms.get("scheme", "month"), starts, date.fromisoformat(terms["window"]["ends"])):
            if over_at(of.terms.calendar.rolled(last + DAY * terms.get("report_days", 5), "forward")) > of.terms.instant:
                break
            one = reported.get(period)
            if one.get("supplied") if one is not None else terms.get("supplied"):
                continue
            found["missing" if one is None else "late" if one.get("late") else "on_time"] += 1
    return found


def _share_or_count(found, kind):
    if not kind.startswith("percent"):
        return Fraction(found[kind.partition("_")[2]])
    asked = sum(found.get(name, 0) for name in ("on_time", "late", "overdue", "missing"))
    return Fraction(100 * found["on_time"], asked) if asked else None


def _events(measure, of):
    count, window = 0, measure.get("window", of.book.document.get("window") if of.book else None)
    for one in of.facts.get("events", []):
        if one["event"] not in measure["events"] or not of.counts(one) or not between(window, date.fromisoformat(one["on"])):
            continue
        if measure.get("verified") and not one.get("verified", True):
            continue
        on, due = date.fromisoformat(one["on"]), one.get("due_on")
        by = measure.get("early_by", measure.get("late_by"))
        if by is not None:
            days = (
                None
                if due is None
                else _days(
                    *((on, date.fromisoformat(due)) if "early_by" in measure else (date.fromisoformat(due), on)), by, of.terms.calendar
                )
            )
            if days is None or days < by["days"]:
                continue
        count += one.get("times", 1)
    return Fraction(count)


def _number_of(measure, of):
    told = of.result(measure["assessment"]).get("number")
    return None if told is None else number(told)


def _days_open(measure, of):
    window = measure.get("window", of.book.document.get("window"))
    if window is None:
        return None
    starts, ends = date.fromisoformat(window["starts"]), date.fromisoformat(window["ends"])
    opened, closed = of.facts.get("opens_on"), of.facts.get("closes_on")
    first = starts if opened is None else max(starts, date.fromisoformat(opened))
    after = ends + DAY if closed is None else min(ends + DAY, date.fromisoformat(closed))
    return Fraction(max(0, (after - first).days))


def _sum(measure, of):
    parts = [(measured(term["of"], of), number(term.get("times", 1))) for term in measure["terms"]]
    known = [(value, times) for value, times in parts if value is not None]
    if not known or (len(known) < len(parts) and not measure.get("without_missing")):
        return None
    return sum((value * times for value, times in known), Fraction(0))


def _ratio(measure, of):
    above, below = measured(measure["of"], of), measured(measure["to"], of)
    return None if above is None or not below else number(measure.get("times", 100)) * above / below


def _where(measure, children):
    told = [holds(measure["when"], child) for child in children]
    if not told:
        return None
    return Fraction(sum(told)) if measure.get("take", "count") == "count" else Fraction(100 * sum(told), len(told))


def _of_children(measure, children):
    inner, take = measure["of"], measure["take"]
    if take == "ratio_of_sums":
        return _ratio_of_sums(measure, children)
    told = [measured(inner, child) for child in children]
    known = [value for value in told if value is not None]
    if not known or (len(known) < len(told) and not measure.get("without_missing")):
        return None
    return {"sum": sum(known), "mean": sum(known) / Fraction(len(known)), "least": min(known), "most": max(known)}[take]


def _ratio_of_sums(measure, children):
    inner = measure["of"]
    if inner["kind"] == "ratio":
        halves = [(measured(inner["of"], child), measured(inner["to"], child)) for child in children]
    else:
        halves = [_halves(inner, child) or (None, None) for child in children]
    both = [(above, below) for above, below in halves if above is not None and below is not None]
    if not both or (len(both) < len(halves) and not measure.get("without_missing")):
        return None
    above, below = sum((one for one, _ in both), Fraction(0)), sum((one for _, one in both), Fraction(0))
    return (number(inner.get("times", 100)) if inner["kind"] == "ratio" else 1) * above / below if below else None


def holds(condition, of):
    for name, join in (("all", all), ("any", any)):
        if name in condition:
            return join([holds(one, of) for one in condition[name]])
    if "none" in condition:
        return not any([holds(one, of) for one in condition["none"]])
    if "assessment" in condition:
        return of.grade(condition["assessment"]) in condition["one_of"]
    if "met" in condition:
        return all([of.points(code) >= base(of.book.nodes[code]) for code in condition["met"]])
    if "nodes" in condition:
        return within(condition, Fraction(sum([of.letter(code) in condition["graded"] for code in condition["nodes"]])))
    value = measured(condition["measure"], of)
    return bool(condition.get("missing", False)) if value is None else within(condition, value)


def rounded(value, rounding):
    unit = Fraction(1, 10 ** rounding["decimals"])
    whole, rest = divmod(abs(value), unit)
    up = {
        "half_up": 2 * rest >= unit,
        "half_even": 2 * rest > unit or (2 * rest == unit and whole % 2 == 1),
        "truncate": False,
        "up": rest > 0,
    }[rounding["mode"]]
    found = (whole + up) * unit
    return -found if value < 0 else found


def held(value, limit):
    return value if limit is None else max(-number(limit), min(number(limit), value))


def awarded(award, value, node, of):
    shape, standard = award["shape"], number(node.get("standard", 0))
    if shape == "proportional":
        if "floor" in award and value < number(award["floor"]):
            return Fraction(0)
        used = min(value, number(award["ceiling"])) if "ceiling" in award else value
        return rounded(standard * used / number(award.get("full_at", 100)), node["rounding"])
    if shape == "value":
        return rounded(value * number(award.get("times", 1)), node["rounding"])
    if shape == "bands":
        return next((number(band["points"]) for band in award["bands"] if within(band, value)), number(award["otherwise"]))
    if shape == "each":
        return held(max(0, floor(value)) * number(award["points"]), award.get("limit"))
    if shape == "strata":
        by = measured(award["by"], of)
        chosen = next((one for one in award["strata"] if by is not None and within(one, by)), None)
        return number(award["otherwise"]) if chosen is None else awarded(chosen["award"], value, node, of)
    over = value - number(award["over"])
    if over <= 0:
        return Fraction(0)
    steps = over / number(award["per"])
    count = -floor(-steps) if award.get("counts") == "started" else floor(steps)
    return held(number(award.get("first", 0)) + count * number(award["points"]), award.get("limit"))


def by_policy(policy, standard):
    zero = Fraction(0)
    return None if policy == "excluded" else Given(standard if policy == "standard" else zero, zero, zero, standard)


def placed(node, of):
    """A node with its conditions around it and a hand mark over it."""
    for part in node.get("items", []):
        of.of(part["code"])
    if "not_applicable_when" in node and holds(node["not_applicable_when"], of):
        found = by_policy(node.get("not_applicable", "excluded"), base(node))
    elif "when" in node and not holds(node["when"], of):
        found = Given(Fraction(0), Fraction(0), Fraction(0), base(node), applies=False)
    else:
        found = (group if "items" in node else item)(node, of)
    mark = None if of.view == "strict" else of.marks.get(node["code"] or "total")
    if mark is not None and node.get("measure", {}).get("kind") != "mark":
        found = Given(max(mark, Fraction(0)), Fraction(0), min(mark, Fraction(0)), Fraction(0) if found is None else found.base)
    of.given[node["code"]] = found


def item(node, of):
    standard, policy = number(node.get("standard", 0)), node["missing"]
    if node["measure"]["kind"] == "mark":
        points = of.marks.get(node["code"])
        policy = "zero" if policy == "standard" and not standard else policy
    elif node["measure"]["kind"] == "grade":
        grade = of.grade(node["measure"]["assessment"])
        known = {one["grade"]: number(one["points"]) for one in node["award"]["grades"]}
        points = None if grade is None else known.get(grade, number(node["award"]["otherwise"]))
    else:
        value = measured(node["measure"], of)
        waived = of.waived(node["code"]) if node.get("waivable") else None
        if value is not None and waived is not None:
            value = Fraction(floor(value) - min(waived, floor(value)))
        points = None if value is None else awarded(node["award"], value, node, of)
    if points is None:
        return by_policy(policy, standard)
    if node["measure"]["kind"] != "mark":
        points = capped(points, node)
    side, zero = side_of(node), Fraction(0)
    return Given(
        points if side == "standard" else zero, points if side == "bonus" else zero, points if side == "deduction" else zero, standard
    )


def capped(points, node):
    if "maximum" in node and points > number(node["maximum"]):
        return number(node["maximum"])
    if "minimum" in node and points < number(node["minimum"]):
        return number(node["minimum"])
    return points


def group(node, of):
    parts = [of.of(part["code"]) for part in node["items"]]
    present, given = [part for part in parts if part is not None], number(node.get("standard", 0))
    if not present and not given:
        return None
    if node.get("takes") == "best":
        present = [max(present, key=lambda part: part.points)] if present else []
    if node.get("takes") == "first":
        present = [part for part in present if part.applies][:1]
    bonus = held(sum((part.bonus for part in present), Fraction(0)), node.get("bonuses_at_most"))
    deduction = held(sum((part.deduction for part in present), Fraction(0)), node.get("deductions_at_most"))
    standard = given + sum((part.standard for part in present), Fraction(0))
    found = Given(standard, bonus, deduction, given + sum((part.base for part in present), Fraction(0)))
    full = base(node)
    if node.get("rebased") and None in parts and found.base > 0 and full > 0:
        found = Given(rounded(found.standard * full / found.base, node["rounding"]), bonus, deduction, full)
    if "maximum" in node and found.points > number(node["maximum"]):
        cut = found.points - number(node["maximum"])
        kept = max(Fraction(0), found.bonus - cut) if found.bonus > 0 else found.bonus
        found = Given(number(node["maximum"]) - kept - found.deduction, kept, found.deduction, found.base)
    elif "minimum" in node and found.points < number(node["minimum"]):
        lifted = min(Fraction(0), found.deduction + number(node["minimum"]) - found.points)
        found = Given(number(node["minimum"]) - found.bonus - lifted, found.bonus, lifted, found.base)
    return found


def base(node):
    """The standard points of a node and all below it."""
    below = [base(part) for part in node.get("items", [])]
    return number(node.get("standard", 0)) + (max(below) if below and node.get("takes") in ("best", "first") else sum(below, Fraction(0)))


def rated(ratings, total, of):
    """The class by the total, and the one that is proposed."""
    classes = ratings["classes"]
    names = [one["rating"] for one in classes]
    top = by_total = next((n for n, one in enumerate(classes) if within(one["total"], total)), len(names))
    ceiling = of.grade(ratings["not_above"]) if "not_above" in ratings else None
    if ceiling is not None:
        top = max(top, names.index(ceiling) if ceiling in names else len(names))
    for n in range(top, len(names)):
        floors = {name: edge for name, edge in classes[n]["total"].items() if name in ("at_least", "more_than")}
        if all([holds(one, of) for one in classes[n].get("requires", [])]) and within(floors, total):
            return [*names, ratings["otherwise"]][by_total], names[n]
    return [*names, ratings["otherwise"]][by_total], ratings["otherwise"]


# --- The most that a node can give: what `percent_of_maximum` and the side of an item rest on -----------------------

NOTHING = (Fraction(0), Fraction(0))
COUNTS = ("tasks", "percent_tasks", "reports", "percent_reports", "events", "days_open", "children_where")


def reach(node):
    """(least, most) of the total, the standard points, the bonus and the deduction."""
    if "items" not in node:
        total, side = span(node), side_of(node)
        return (total, *(total if side == name else NOTHING for name in ("standard", "bonus", "deduction")))
    parts, own = [reach(part) for part in node["items"]], number(node.get("standard", 0))
    join = _either if node.get("takes", "sum") != "sum" else _added
    standard = _added([(own, own), join([part[1] for part in parts])])
    bonus, deduction = join([part[2] for part in parts]), join([part[3] for part in parts])
    if "bonuses_at_most" in node:
        bonus = _bounded(bonus, None, number(node["bonuses_at_most"]))
    if "deductions_at_most" in node:
        deduction = _bounded(deduction, -number(node["deductions_at_most"]), None)
    by_part, by_class = _added([(own, own), join([part[0] for part in parts])]), _added([standard, bonus, deduction])
    return _capped_span((max(by_part[0], by_class[0]), min(by_part[1], by_class[1])), node), standard, bonus, deduction


def side_of(node):
    return node.get("counts_as") or ("deduction" if span(node)[1] <= 0 else "standard")


def span(node):
    measure, standard = node["measure"], number(node.get("standard", 0))
    if measure["kind"] == "mark":
        return number(measure.get("minimum", 0)), number(measure["maximum"])
    found, missing, instead = (
        _span_of_award(node["award"], standard, signs(measure)),
        node["missing"],
        node.get("not_applicable", "excluded"),
    )
    if "when" in node or "zero" in (missing, instead):
        found = _either([found, NOTHING])
    if missing == "standard" or ("not_applicable_when" in node and instead == "standard"):
        found = _either([found, (standard, standard)])
    return _capped_span(found, node)


def signs(measure):
    """Whether a measure may lie below nothing, and above."""
    if measure["kind"] == "sum":
        terms = [(signs(term["of"]), number(term.get("times", 1))) for term in measure["terms"]]
        return tuple(any(one[side if times > 0 else 1 - side] for one, times in terms if times) for side in (0, 1))
    if measure["kind"] == "ratio" and not signs(measure["of"])[0] and not signs(measure["to"])[0]:
        times = number(measure.get("times", 100))
        return times < 0, times > 0
    if measure["kind"] == "children":
        return signs(measure["of"])
    return not measure["kind"].startswith(COUNTS), True


def _span_of_award(award, standard, of):
    shape = award["shape"]
    if shape == "proportional":
        below = of[0] and not ("floor" in award and number(award["floor"]) >= 0)
        at = None if "ceiling" not in award else standard * 10**6 * number(award["ceiling"]) / number(award.get("full_at", 100))
        most = inf if at is None else Fraction(floor(at), 10**6)
        return NOTHING if standard == 0 else (-inf if below else Fraction(0), most if of[1] else Fraction(0))
    if shape == "value":
        times = number(award.get("times", 1))
        below, above = of if times > 0 else reversed(of) if times else (False, False)
        return -inf if below else Fraction(0), inf if above else Fraction(0)
    if shape == "strata":
        other = number(award["otherwise"])
        return _either([(other, other)] + [_span_of_award(one["award"], standard, of) for one in award["strata"]])
    if shape in ("bands", "grades"):
        points = [number(award["otherwise"])] + [number(one["points"]) for one in award[shape]]
        return min(points), max(points)
    first, points = number(award.get("first", 0)) if shape == "steps" else Fraction(0), number(award["points"])
    far = Fraction(0) if points == 0 else inf if points > 0 else -inf
    limit = number(award["limit"]) if "limit" in award else inf
    return _bounded((min(Fraction(0), first, first + far), max(Fraction(0), first, first + far)), -limit, limit)


def _added(spans):
    return sum((one for one, _ in spans), Fraction(0)), sum((one for _, one in spans), Fraction(0))


def _either(spans):
    return min(one for one, _ in spans), max(one for _, one in spans)


def _capped_span(of, node):
    return _bounded(of, number(node["minimum"]) if "minimum" in node else None, number(node["maximum"]) if "maximum" in node else None)


def _bounded(of, low, high):
    if high is not None:
        of = min(of[0], high), min(of[1], high)
    return of if low is None else (max(of[0], low), max(of[1], low))


# --- Sheets and places ----------------------------------------------------------------------------------------------


def sheet(book, facts, terms, view):
    """What a unit's sheet says in one view, in the shape of a published one, without words."""
    of = Reading(facts, terms, view, book)
    total = of.points("")
    states = [{"gate": gate["code"], "state": gate["state"]} for gate in book.document.get("gates", []) if holds(gate["when"], of)]
    rating = None
    if "ratings" in book.document and not any(one["state"] == "not_rated" for one in states):
        rating = dict(zip(("by_total", "proposed"), rated(book.document["ratings"], total, of)))
    lines = [
        {"code": code or "total", "points": plain(of.points(code)), "grade": of.letter(code), "left_out": of.of(code) is None}
        for code in book.codes()
    ]
    return {"total": plain(total), "states": states, "rating": rating, "lines": lines}


def plain(value):
    """A number of points as text: no exponent, no needless zeros."""
    scaled = abs(value) * 10**6
    if scaled.denominator != 1:
        raise Wrong("points are finer than a millionth")
    text = "%d.%06d" % divmod(int(scaled), 10**6)
    text = text.rstrip("0").rstrip(".")
    return "-" + text if value < 0 and text != "0" else text


# --- The bundle -----------------------------------------------------------------------------------------------------


class Report:
    """What does not hold, each by its place."""

    def __init__(self):
        self.found, self.signer = [], None

    def wrong(self, place, what):
        self.found.append((place, what))

    def same(self, place, told, found):
        if told != found:
            self.wrong(place, "says %s, recomputed %s" % (_short(told), _short(found)))


def _short(value):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 80 else text[:77] + "..."


def canonical(value):
    """RFC 8785, for what publications are made of: texts, whole numbers, true, false, null."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def verified(raw, key=None):
    """The report on a bundle's bytes. `key` is `NAME+MARK+KEY`; without one the signature is checked by the key that the bundle names."""
    report = Report()
    files = _files(raw, report)
    documents = {}
    for path, content in files.items():
        if path not in BESIDE:
            documents[path] = _document(path, content, report)
    _check_signature(raw, files, documents, key, report)
    if not isinstance(documents.get(RESULT), dict):
        report.wrong(RESULT, "is not there")
        return report
    for check in (_check_rulebooks, _check_units, _check_places, _check_decision, _check_trail):
        try:
            check(documents, files, report)
        except (Wrong, KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError, RecursionError) as fault:
            report.wrong(RESULT, "cannot be read: %s %s" % (type(fault).__name__, fault))
    return report


def _opened(raw):
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except Exception as fault:  # whatever a damaged list of files raises
        raise zipfile.BadZipFile(str(fault)) from None


def _files(raw, report):
    """By path; a file that cannot be read is told and left out."""
    found = {}
    with _opened(raw) as archive:
        for told in archive.infolist():
            try:
                content = archive.read(told)
            except Exception as fault:  # whatever a damaged stream raises
                report.wrong(told.filename, "cannot be unpacked: %s" % fault)
                continue
            if told.filename in found:
                report.wrong(told.filename, "stands twice")
            found[told.filename] = content
    return found


def _document(path, content, report):
    try:
        told = json.loads(content.decode(), parse_float=_no_float)
    except (ValueError, RecursionError):
        report.wrong(path, "is not a document")
        return None
    if canonical(told) != content:
        report.wrong(path, "is not in canonical form")
    return told


def _no_float(text):
    raise ValueError(text)


def _check_signature(raw, files, documents, key, report):
    leaves = [leaf_of(files[path]) for path in sorted(documents)]
    named = {path: leaf_of(content).hex() for path, content in files.items() if path not in (NOTE, LEAVES)}
    try:
        told = json.loads(files.get(LEAVES, b"[]").decode())
        listed = {path: leaf for path, leaf in told}
        for path in sorted(named.keys() | listed.keys()):
            if path not in named:
                report.wrong(path, "is missing")
            elif listed.get(path) != named[path]:
                report.wrong(path, "is not what was published")
                report.wrong(LEAVES, "does not list %s as it is" % path)
        if canonical(told) != files.get(LEAVES):
            report.wrong(LEAVES, "is not in canonical form")
    except (ValueError, TypeError, AttributeError):
        report.wrong(LEAVES, "cannot be read")
    try:
        note = files.get(NOTE, b"").decode()
        held = None if key is None else opened_key(key)
        text = note_text(note, held) if held is not None else note.rpartition("\n\n")[0] + "\n"
        report.signer = held[0] if held is not None else None
        form, what, digest, before = text.rstrip("\n").split("\n")
    except (Wrong, ValueError) as fault:
        report.wrong(NOTE, str(fault) if isinstance(fault, Wrong) else "is not a note of a publication")
        return
    report.same(NOTE, digest, root_of(leaves).hex())
    report.same(NOTE, form, FORMAT)
    result = documents.get(RESULT) or {}
    report.same(NOTE, what, "%s %s %s" % (result.get("movement"), result.get("number"), result.get("edition")))
    _check_layout(raw, before, report)


def _check_layout(raw, before, report):
    """Every byte of the file: what stands before the note by its hash, the rest by being as it must be."""
    with _opened(raw) as archive:
        told = archive.infolist()
        start = archive.start_dir
    if told[-1].filename != NOTE:
        report.wrong(NOTE, "is not the last file")
        return
    if hashlib.sha256(raw[: told[-1].header_offset]).hexdigest() != before:
        report.wrong("bundle", "bytes before the note are not those that were signed")
    last = told[-1]
    header = (
        struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", 20, 0, 0, 0, 33, last.CRC, last.file_size, last.file_size, len(NOTE), 0) + NOTE.encode()
    )
    if raw[last.header_offset : last.header_offset + len(header)] != header or last.header_offset + len(header) + last.file_size != start:
        report.wrong(NOTE, "its place in the file is not as it was made")
    directory = b"".join(_listed(one, raw) for one in told)
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, len(told), len(told), len(directory), start, 0)
    if raw[start:] != directory + end:
        report.wrong("bundle", "the list of files is not as it was made")


def _listed(one, raw):
    """The entry of a file in the list at the end, from what stands before the file itself."""
    name = one.filename.encode()
    checksum, packed, size = struct.unpack("<LLL", raw[one.header_offset + 14 : one.header_offset + 26].ljust(12, b"\0"))
    fields = (0x0314, 20, 0, one.compress_type, 0, 33, checksum, packed, size, len(name), 0, 0, 0, 0, 0o644 << 16, one.header_offset)
    return struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", *fields) + name


def _check_rulebooks(documents, files, report):
    for path, told in documents.items():
        if path.startswith("rulebooks/"):
            report.same(path, path[len("rulebooks/") : -len(".json")], hashlib.sha256(canonical(told)).hexdigest())
    for cluster in documents[RESULT]["clusters"]:
        book = cluster["rulebook"]
        if book is not None:
            held = documents.get("rulebooks/%s.json" % book["digest"])
            if held is None:
                report.wrong("rulebooks/%s.json" % book["digest"], "is missing")
            else:
                report.same(RESULT, [book["code"], book["version"]], [held["rulebook"], held["version"]])


def _check_units(documents, files, report):
    """Every sheet anew."""
    result = documents[RESULT]
    books = {}
    for cluster in result["clusters"]:
        if cluster["rulebook"] is not None:
            books[cluster["cluster"]] = Book(documents["rulebooks/%s.json" % cluster["rulebook"]["digest"]])
    terms = Terms(result["instant"], result["calendar"], result["indicators"])
    for path in sorted(documents):
        if path.startswith("units/"):
            try:
                _check_unit(path, documents[path], books, terms, report)
            except (Wrong, KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError, RecursionError) as fault:
                report.wrong(path, "cannot be scored: %s %s" % (type(fault).__name__, fault))


def _check_unit(path, told, books, terms, report):
    report.same(path, path, "units/%s.json" % told["unit"])
    for view, published in told.get("sheets", {}).items():
        found = sheet(books[told["cluster"]], told["facts"], terms, view)
        for name in ("total", "states", "rating"):
            report.same("%s %s %s" % (path, view, name), published[name], found[name])
        report.same("%s %s lines" % (path, view), [one["code"] for one in published["lines"]], [one["code"] for one in found["lines"]])
        for one, other in zip(published["lines"], found["lines"]):
            for name in ("points", "grade", "left_out"):
                report.same("%s %s %s %s" % (path, view, one["code"], name), one[name], other[name])


def _check_places(documents, files, report):
    """Places from the decided sheets; who takes no part, where the bundle says why."""
    result = documents[RESULT]
    for cluster in result["clusters"]:
        units = {one["unit"]: documents["units/%s.json" % one["unit"]] for one in cluster["standings"]}
        ranked = {}
        for unit, told in units.items():
            path = "units/%s.json" % unit
            one = next(one for one in cluster["standings"] if one["unit"] == unit)
            for name in ("place", "points", "state", "name"):
                report.same(path, told[name], one[name])
            report.same(path, told["cluster"], cluster["cluster"])
            state = _state(told, documents, cluster, result)
            if "facts" in told:
                report.same("%s state" % path, told["state"], state)
            if told["state"] is None:
                sheet_told = {line["code"]: number(line["points"]) for line in told["sheets"]["decided"]["lines"]}
                breaks = documents["rulebooks/%s.json" % cluster["rulebook"]["digest"]].get("tie_break", [])
                ranked[unit] = tuple(sheet_told[code] for code in ["total", *breaks])
        order = sorted(ranked.values(), reverse=True)
        for one in cluster["standings"]:
            points = ranked.get(one["unit"])
            where = "%s %s" % (RESULT, one["unit"])
            report.same(where, one["place"], None if points is None else order.index(points) + 1)
            report.same(where, one["points"], [] if points is None else [plain(value) for value in points])
        shown = [one["unit"] for one in cluster["standings"]]
        wanted = sorted(ranked, key=lambda unit: (order.index(ranked[unit]), unit)) + sorted(set(units) - set(ranked))
        report.same("%s %s" % (RESULT, cluster["cluster"]), shown, wanted)
    named = ["units/%s.json" % one["unit"] for cluster in result["clusters"] for one in cluster["standings"]]
    report.same(RESULT, sorted(named), sorted(path for path in documents if path.startswith("units/")))


def _state(told, documents, cluster, result):
    """Why a unit takes no part in the ranking, from what its document says."""
    if "facts" not in told:
        return told["state"]
    day = date.fromisoformat(result["day"])
    registered, opened, closed = told["registered_on"], told["facts"].get("opens_on"), told["facts"].get("closes_on")
    if registered is None or date.fromisoformat(registered) > day:
        return "excluded"
    if (opened is not None and date.fromisoformat(opened) > day) or (closed is not None and date.fromisoformat(closed) <= day):
        return "not_rated"
    if cluster["rulebook"] is None:
        return "not_rated"
    states = told["sheets"]["decided"]["states"]
    return states[0]["state"] if states else None


def _check_decision(documents, files, report):
    """A final result comes with the decision that was made of it, and no other result does."""
    report.same(DECISION, DECISION in documents, documents[RESULT]["stage"] == "final")


def _check_trail(documents, files, report):
    """The signed head, and that the trail of the publication before this one is its beginning."""
    if documents[RESULT]["edition"] != "full":
        return
    size, root = 0, b""
    try:
        text = files["trail/checkpoint"].decode().rpartition("\n\n")[0].split("\n")
        size, root = int(text[1]), base64.b64decode(text[2], validate=True)
    except (KeyError, ValueError, IndexError):
        report.wrong("trail/checkpoint", "cannot be read")
    report.same("trail/checkpoint", size, documents[RESULT]["position"])
    if "trail/consistency.json" in files:
        try:
            told = json.loads(files["trail/consistency.json"].decode())
            proof = [bytes.fromhex(one) for one in told["proof"]]
            holds_ = begins(told["size"], bytes.fromhex(told["root"]), size, root, proof)
        except (KeyError, ValueError, TypeError):
            holds_ = False
        if not holds_:
            report.wrong("trail/consistency.json", "the earlier trail is not the beginning of this one")


def main(arguments=None):
    asked = argparse.ArgumentParser(description="Verify a published result of Thi dua.")
    asked.add_argument("bundle")
    asked.add_argument("--key", help="the signer's public key, NAME+MARK+KEY, from a source that you trust")
    told = asked.parse_args(arguments)
    try:
        with open(told.bundle, "rb") as file:
            report = verified(file.read(), told.key)
    except (OSError, zipfile.BadZipFile) as fault:
        print("no bundle: %s" % fault, file=sys.stderr)
        return 2
    for place, what in report.found:
        print("%s: %s" % (place, what))
    if report.found:
        return 1
    print("everything holds; " + ("signed by %s" % report.signer if report.signer else "the signature was not checked: no --key was given"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
