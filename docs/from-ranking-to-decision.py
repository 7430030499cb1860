"""The demo movement from open to a published decision, by API calls alone; every document on the way is written to a folder.

    ./dev run                                               # in a first terminal; in a second one:
    THIDUA_DATA_DIR=data .venv/bin/thidua key create demo.example/cau-giay
    python3 docs/from-ranking-to-decision.py http://127.0.0.1:8000 data/demo-keys.json papers

Needs Python 3.11 and nothing else. All of it is synthetic. It runs once on a fresh demo: a movement is decided once.
"""

import hashlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

MOVEMENT = "/movements/cau-giay-25"
WHY = "Dữ liệu minh họa: không chờ đủ ngày công khai."
LAYOUT = {
    "width": 297,
    "height": 210,
    "fields": [
        {"field": "name", "x": 40, "y": 95, "width": 217, "size": 26, "bold": True},
        {"field": "achievement", "x": 40, "y": 120, "width": 217, "size": 16},
        {"field": "number", "x": 35, "y": 165, "width": 80, "size": 12, "align": "left"},
        {"field": "signatory", "x": 180, "y": 160, "width": 90, "size": 13, "bold": True},
    ],
}
REPORT = {"code": "bao-cao-thanh-tich", "name": "Báo cáo thành tích"}
SCHEME = {
    "name": "Khen thưởng phong trào thi đua kỷ niệm 25 năm ngày thành lập quận",
    "commendation_type": "Khen thưởng theo đợt (hoặc chuyên đề)",
    "basis": [
        {
            "code": "luat",
            "text": "Luật Thi đua, khen thưởng năm 2003, sửa đổi, bổ sung năm 2005, 2013",
            "since": "2004-07-01",
            "until": "2023-12-31",
        },
        {"code": "nd-91", "text": "Nghị định số 91/2017/NĐ-CP của Chính phủ", "since": "2017-10-01", "until": "2023-12-31"},
    ],
    "awards": [
        {
            "code": "giay-khen-tap-the",
            "name": "Giấy khen của Chủ tịch UBND quận (tập thể)",
            "kind": "commendation_form",
            "level": "district",
            "recipient": "collective",
            "basis": ["luat", "nd-91"],
            "quota": {"share": "25", "of": "registered", "rounding": "truncate", "per": "cluster", "source": "minh họa"},
            "checklist": [REPORT],
            "certificate": LAYOUT,
            "threshold": "kin",
            "money": "0.6",
            "source": "Nghị định 91/2017/NĐ-CP",
        },
        {
            "code": "giay-khen-ca-nhan",
            "name": "Giấy khen của Chủ tịch UBND quận (cá nhân)",
            "kind": "commendation_form",
            "level": "district",
            "recipient": "individual",
            "basis": ["luat", "nd-91"],
            "certificate": LAYOUT,
            "threshold": "cong-khai",
            "money": "0.3",
            "source": "Nghị định 91/2017/NĐ-CP",
        },
    ],
    "terms": [
        {"step": "closing", "days": 3, "working": True, "source": "minh họa"},
        {"step": "posting", "days": 5, "working": False, "source": "minh họa"},
        {"step": "papers", "days": 3, "working": True, "source": "Quy chế"},
        {"step": "council", "days": 2, "working": True, "source": "minh họa"},
        {"step": "decision", "days": 2, "working": True, "source": "minh họa"},
    ],
    "closes_on": "2022-08-08",
    "supplement_days": 3,
}
SHARE = {"numerator": 70, "denominator": 100}
REGULATION = {
    "quorum": {"numerator": 2, "denominator": 3},
    "papers_days": 3,
    "substitutes_vote": False,
    "written_opinions_count": True,
    "source": "Quy chế hoạt động của Hội đồng (minh họa)",
    "thresholds": [
        {"code": "kin", "name": "Tập thể", "share": SHARE, "of": "members", "secret": True, "source": "Quy chế (minh họa)"},
        {"code": "cong-khai", "name": "Cá nhân", "share": SHARE, "of": "members", "secret": False, "source": "Quy chế (minh họa)"},
    ],
}


class Caller:
    """The API, as one of the demo's roles."""

    def __init__(self, base: str, keys: dict[str, str], folder: Path) -> None:
        self.base, self.keys, self.folder = base, keys, folder

    def call(self, who: str | None, method: str, path: str, sent: object = None, version: int | None = None) -> object:
        request = urllib.request.Request(f"{self.base}/api/v1{path}", method=method)  # noqa: S310 - the address is the caller's own
        if who is not None:
            request.add_header("Authorization", f"Bearer {self.keys[who]}")
        if version is not None:
            request.add_header("If-Match", f'"{version}"')
        if method == "POST":
            told = f"{who} {path} {json.dumps(sent, sort_keys=True)} {version}"
            request.add_header("Idempotency-Key", hashlib.sha256(told.encode()).hexdigest())
        if sent is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(sent).encode()
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310
                content = answer.read()
                return json.loads(content) if "json" in answer.headers["Content-Type"] else content
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{method} {path}: {refusal.code} {refusal.read().decode()}")

    def get(self, path: str, who: str | None = "secretary") -> dict:
        return self.call(who, "GET", path)  # type: ignore[return-value]

    def post(self, who: str, path: str, sent: object = None, version: int | None = None) -> dict:
        return self.call(who, "POST", path, sent, version)  # type: ignore[return-value]

    def put(self, path: str, sent: object, version: int = 0, who: str = "secretary") -> dict:
        return self.call(who, "PUT", path, sent, version)  # type: ignore[return-value]

    def paper(self, name: str, path: str, who: str | None = "secretary") -> None:
        content = self.call(who, "GET", path)
        (self.folder / name).write_bytes(bytes(content))  # type: ignore[arg-type]
        say(f"   {name}: {len(content):,} bytes")


def say(text: str) -> None:
    print(text)  # noqa: T201


def main(base: str, keys_file: str, out: str) -> None:
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    api = Caller(base, json.loads(Path(keys_file).read_text(encoding="utf-8")), folder)
    closed(api)
    published(api, 1, "council")
    nominated(api)
    finished(api, decided(api, convened(api)))


def closed(api: Caller) -> None:
    say("1. reporting is closed, the movement is under review; the gate lists what stands in the way")
    for state in ("reporting_closed", "under_review"):
        version = api.get(MOVEMENT)["version"]
        api.post("secretary", f"{MOVEMENT}/state", {"state": state}, version)
    for kind, count in api.get(f"{MOVEMENT}/finalisation")["counts"].items():
        blockers = api.get(f"{MOVEMENT}/finalisation")["blockers"]
        subjects = [one["subject"] for one in blockers if one["kind"] == kind]
        say(f"   {kind}: {count}, answered for by name")
        api.post("secretary", f"{MOVEMENT}/overrides", {"kind": kind, "subjects": subjects, "reason": WHY})
    if not api.get(f"{MOVEMENT}/finalisation")["ready"]:
        sys.exit("something still stands in the way")
    expires = (datetime.now().astimezone() + timedelta(days=30)).isoformat()
    key = {"label": "thư ký thứ hai", "role": "council_secretary", "reach": "everywhere", "unit": "noi-vu", "expires_at": expires}
    if "second" not in api.keys:
        api.keys["second"] = api.post("administrator", "/keys", key)["key"]
    api.paper("xep-hang.xlsx", f"{MOVEMENT}/ranking.xlsx")


def published(api: Caller, number: int, stage: str) -> None:
    say(f"2. publication {number}, stage {stage}: one drafts, another approves")
    draft = api.post("secretary", f"{MOVEMENT}/publication-drafts", {"stage": stage})
    told = api.post("second", f"/publication-drafts/{draft['id']}/approval")
    say(f"   digest {told['digest'][:16]}…, drafted by {told['drafted_by']}, approved by {told['approved_by']}")


def nominated(api: Caller) -> None:
    say("3. the scheme, and dossiers of the wards")
    api.put(f"{MOVEMENT}/award-scheme", SCHEME)
    for step in api.get(f"{MOVEMENT}/award-plan")["steps"]:
        say(f"   {step['latest']}: {step['name']}" + ("" if step["fits"] else " (no longer fits)"))
    clusters = api.get(f"{MOVEMENT}/ranking?cluster=phuong")["clusters"]
    wards = [row["unit"] for row in clusters[0]["standings"] if row["place"]][:4]
    found = {}
    for ward in wards:
        paper = {"item": REPORT["code"], "document_number": "31/BC-UBND", "document_date": "2022-06-14", "issuer": "UBND phường"}
        text = "Hoàn thành sớm các chỉ tiêu được giao (minh họa)."
        dossier = {"papers": [paper], "achievements": text, "figures": [{"code": "ca-nhan", "value": "24"}]}
        sent = {"unit": ward, "award": "giay-khen-tap-the", "collective": ward, "dossier": dossier, "synthetic": True}
        found[ward] = api.post(f"officer:{ward}", f"{MOVEMENT}/nominations", {"nominations": [sent]})["nominations"][0]["id"]
    person = {"unit": wards[0], "award": "giay-khen-ca-nhan", "name": "Cán bộ mẫu số 1", "post": "Công chức (minh họa)", "dossier": {}}
    sent = {"nominations": [{**person, "synthetic": True}]}
    found["person"] = api.post(f"officer:{wards[0]}", f"{MOVEMENT}/nominations", sent)["nominations"][0]["id"]
    for identifier in found.values():
        api.post("administrator", f"/nominations/{identifier}/completion", version=1)
    for form in ("docx", "pdf"):
        api.paper(f"bao-cao-thanh-tich.{form}", f"/nominations/{found[wards[0]]}/achievement-report.{form}")
        api.paper(f"bang-cham-diem.{form}", f"{MOVEMENT}/units/{wards[0]}/score-sheet.{form}")
    api.paper("bang-cham-diem.xlsx", f"{MOVEMENT}/units/{wards[0]}/sheet.xlsx")


def convened(api: Caller) -> str:
    say("4. a council of five meets on what was published")
    api.post(
        "secretary",
        "/councils",
        {"code": "hd-quan", "name": "Hội đồng Thi đua - Khen thưởng quận", "decision": "minh họa", "synthetic": True},
    )
    api.put("/councils/hd-quan/regulation", REGULATION)
    for number in range(1, 6):
        code = f"thanh-vien-{number}"
        person = api.post("administrator", "/people", {"code": code, "synthetic": True})["id"]
        api.post("administrator", f"/people/{person}/roles", {"role": "council_member", "reach": "everywhere", "unit": "cau-giay"})
        link = api.post("administrator", f"/people/{person}/links")["token"]
        api.keys[code] = api.call(None, "POST", "/session/link", {"token": link})["token"]  # type: ignore[index]
        position = "chair" if number == 1 else "member"
        api.post("secretary", "/councils/hd-quan/members", {"person": code, "position": position, "since": "2022-01-01"})
    today = api.get(f"{MOVEMENT}/award-plan")["today"]
    called = {"movement": "cau-giay-25", "held_on": today, "papers_sent_on": today, "publication": 1, "late_reason": WHY}
    meeting = api.post("secretary", "/councils/hd-quan/meetings", called)["id"]
    members = [{"member": one["id"], "presence": "present"} for one in api.get("/councils/hd-quan")["members"]]
    api.put(f"/meetings/{meeting}/attendance", {"members": members})
    return meeting


def decided(api: Caller, meeting: str) -> str:
    say("5. what the scheme makes of it, case by case before the council")
    for one in api.get(f"{MOVEMENT}/award-solution?publication=1")["allotments"]:
        names = ", ".join(who["name"] for who in one["recipients"]) or "nobody"
        if one["recipients"] or one["sharing"]:
            after = ", ".join(who["name"] for who in one["next_in_line"]) or "nobody"
            say(f"   {one['name']} ({one['cluster'] or 'all'}; {one['places']} places): {names}; next in line: {after}")
    proposal = api.post("secretary", f"{MOVEMENT}/award-proposals", {"publication": 1})
    tabled = api.post("secretary", f"/award-proposals/{proposal['id']}/motions", {"meeting": meeting})
    members = {one["person"]: one["member"] for one in api.get(f"/meetings/{meeting}")["attendance"]}
    for line in tabled["lines"]:
        motion = api.post("secretary", f"/motions/{line['motion']}/opening")
        ballots = {"issued": 5, "returned": 5, "votes_for": 4, "votes_against": 1, "protocol": "Biên bản kiểm phiếu (minh họa)"}
        if not motion["threshold"]["secret"]:
            ballots = None
            for code, member in members.items():
                api.put(f"/motions/{line['motion']}/votes/{member}", {"choice": "for"}, who=code)
        result = api.post("secretary", f"/motions/{line['motion']}/closing", {"ballots": ballots})["result"]
        say(f"   {motion['text']}: {result['votes_for']} of {result['needed']} needed")
    for form in ("docx", "pdf"):
        api.paper(f"bien-ban-hop.{form}", f"/meetings/{meeting}/minutes.{form}")
        api.paper(f"bien-ban-kiem-phieu.{form}", f"/meetings/{meeting}/ballot-minutes.{form}")
        api.paper(f"to-trinh.{form}", f"/award-proposals/{proposal['id']}/proposal-letter.{form}")
    decision = api.post("secretary", f"/award-proposals/{proposal['id']}/decision", {"lines": []})["id"]
    for form in ("docx", "pdf"):
        api.paper(f"phieu-trinh.{form}", f"/award-decisions/{decision}/briefing.{form}")
        api.paper(f"quyet-dinh-du-thao.{form}", f"/award-decisions/{decision}/decision.{form}")
    return decision


def finished(api: Caller, decision: str) -> None:
    say("6. signed elsewhere; number, day and file come back; published by two people")
    signature = {
        "number": "0000/QĐ-UBND (minh họa)",
        "signed_on": api.get(f"{MOVEMENT}/award-plan")["today"],
        "capacity": "head",
        "signatory": "Chủ tịch UBND quận",
        "file_sha256": hashlib.sha256((api.folder / "quyet-dinh-du-thao.pdf").read_bytes()).hexdigest(),
        "signature_stated": "minh họa, không có chữ ký",
    }
    signed = api.post("administrator", f"/award-decisions/{decision}/signature", signature)
    say(f"   {sum(line['granted'] for line in signed['lines'])} awarded, {signed['total_money']:,} đồng")
    api.paper("quyet-dinh-da-ky.pdf", f"/award-decisions/{decision}/decision.pdf")
    api.paper("tien-thuong.xlsx", f"/award-decisions/{decision}/money.xlsx")
    for name, test in (("giay-khen.pdf", ""), ("giay-khen-in-thu.pdf", "&test=true")):
        api.paper(name, f"/award-decisions/{decision}/certificates.pdf?award=giay-khen-tap-the{test}")
    for line in signed["lines"][:1]:
        why = api.get(f"/award-decisions/{decision}/recipients/{line['nomination']['id']}")
        say(f"   why {why['line']['nomination']['name']}: place {why['place']}, {why['points']} points, {why['sheet']}")
    draft = api.post("secretary", f"/award-decisions/{decision}/publication-draft", {})
    number = api.post("second", f"/publication-drafts/{draft['id']}/approval")["number"]
    movement = api.get(MOVEMENT)
    fields = {name: movement[name] for name in ("name", "window_from", "window_to", "launched_on", "goal_on", "ceremony_on", "closes_on")}
    api.put(MOVEMENT, {**fields, "phase": "public"}, movement["version"])
    told = api.get(f"/public{MOVEMENT}/publications/{number}/decision", None)
    say(f"7. what a stranger reads: {told['number']}, " + ", ".join(one["name"] for one in told["recipients"]))
    api.paper("goi-ket-qua.zip", f"/public{MOVEMENT}/publications/{number}/bundle", None)
    with zipfile.ZipFile(api.folder / "goi-ket-qua.zip") as bundle:
        bundle.extract("thidua_verify.py", api.folder)
    command = [sys.executable, "-I", "-S", str(api.folder / "thidua_verify.py"), str(api.folder / "goi-ket-qua.zip")]
    say("   " + subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())  # noqa: S603 - our own file


if __name__ == "__main__":
    main(*sys.argv[1:4])
