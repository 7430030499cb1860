"""A scheme, dossiers and a council for tests of awards. All synthetic."""

from dataclasses import dataclass, field
from typing import Any

from tests.chamber import Chamber, convened
from tests.test_publications import published
from tests.world import MOVEMENT, World

PATH = f"/movements/{MOVEMENT}"
PAPER = {"item": "bao-cao", "document_number": "12/BC-UBND", "document_date": "2022-06-10", "issuer": "UBND phường"}
AWARDS: list[dict[str, Any]] = [
    {
        "code": "bang-khen",
        "name": "Bằng khen",
        "kind": "commendation_form",
        "level": "city",
        "recipient": "collective",
        "place_at_most": 1,
        "conditions": [{"name": "Trên 50 % tiên tiến", "figure": "tien-tien", "of": "ca-nhan", "above": "50", "source": "x"}],
        "quota": {"count": 1, "per": "movement", "source": "x"},
        "checklist": [{"code": "bao-cao", "name": "Báo cáo thành tích"}],
        "threshold": "khen",
        "money": "2",
        "source": "x",
    },
    {
        "code": "giay-khen",
        "name": "Giấy khen",
        "kind": "commendation_form",
        "level": "district",
        "recipient": "collective",
        "quota": {"count": 1, "per": "cluster", "source": "x"},
        "checklist": [{"code": "bao-cao", "name": "Báo cáo thành tích"}],
        "threshold": "khen",
        "money": "0.6",
        "source": "x",
    },
    {
        "code": "giay-khen-ca-nhan",
        "name": "Giấy khen cá nhân",
        "kind": "commendation_form",
        "level": "district",
        "recipient": "individual",
        "threshold": "khen",
        "money": "0.3",
        "source": "x",
    },
]
SCHEME: dict[str, Any] = {
    "name": "Khen thưởng phong trào",
    "commendation_type": "Khen thưởng theo đợt (hoặc chuyên đề)",
    "basis": [{"code": "luat", "text": "Luật Thi đua, khen thưởng", "since": "2004-07-01", "until": "2023-12-31"}],
    "awards": AWARDS,
    "terms": [
        {"step": "closing", "days": 2, "working": True, "source": "x"},
        {"step": "supplement", "days": 1, "working": True, "source": "x"},
        {"step": "posting", "days": 5, "working": False, "source": "x"},
        {"step": "papers", "days": 3, "working": True, "source": "x"},
        {"step": "council", "days": 5, "working": True, "source": "x"},
        {"step": "decision", "days": 2, "working": True, "source": "x"},
    ],
    "closes_on": "2022-06-20",
    "supplement_days": 3,
}


def lay_down(world: World, version: int = 0, who: str = "secretary", **fields: Any) -> Any:
    return world.call(who, "PUT", f"{PATH}/award-scheme", json=SCHEME | fields, headers={"If-Match": f'"{version}"'})


def dossier(award: str = "giay-khen", unit: str = "dich-vong", **fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"unit": unit, "award": award, "collective": unit, "dossier": {"papers": [PAPER]}, "synthetic": True}
    return told | fields


def person(name: str | None = "Cán bộ mẫu 1", unit: str = "dich-vong", **fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"unit": unit, "award": "giay-khen-ca-nhan", "name": name, "post": "Công chức", "dossier": {}, "synthetic": True}
    return told | fields


def nominate(world: World, *sent: dict[str, Any], who: str | None = None) -> Any:
    return world.post(who or sent[0]["unit"], f"{PATH}/nominations", {"nominations": list(sent)})


def step(world: World, who: str, identifier: str, noun: str, sent: Any = None, version: int = 1) -> Any:
    return world.post(who, f"/nominations/{identifier}/{noun}", sent, headers={"If-Match": f'"{version}"'})


def complete(world: World, *sent: dict[str, Any]) -> list[str]:
    """Dossiers that were sent and found complete."""
    found = []
    for one in sent:
        answer = nominate(world, one)
        assert answer.status_code == 201, answer.text
        found.append(answer.json()["nominations"][0]["id"])
        assert step(world, "administrator", found[-1], "completion").status_code == 200
    return found


@dataclass
class Awarding:
    """A council that read publication 1, and the dossiers before it."""

    world: World
    chamber: Chamber
    dossiers: dict[str, str] = field(default_factory=dict)

    def propose(self, *departures: dict[str, Any], **fields: Any) -> Any:
        return self.world.post("secretary", f"{PATH}/award-proposals", {"publication": 1, "departures": list(departures), **fields})

    def proposed(self, *departures: dict[str, Any]) -> Any:
        answer = self.propose(*departures)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def voted(self, proposal: str, against: tuple[str, ...] = ()) -> dict[str, str]:
        """Every line before the council; everybody votes for it, or against it where its dossier is named. Motions by dossier."""
        tabled = self.world.post("secretary", f"/award-proposals/{proposal}/motions", {"meeting": self.chamber.meeting})
        assert tabled.status_code == 201, tabled.text
        motions = {line["nomination"]["id"]: line["motion"] for line in tabled.json()["lines"] if line["motion"]}
        for dossier_id, motion in motions.items():
            assert self.world.post("secretary", f"/motions/{motion}/opening").status_code == 200
            for member in self.chamber.members:
                assert self.chamber.vote(motion, member, "against" if dossier_id in against else "for").status_code == 200
            self.chamber.result(motion)
        return motions

    def decide(self, proposal: str, *lines: dict[str, Any], **fields: Any) -> Any:
        return self.world.post("secretary", f"/award-proposals/{proposal}/decision", {"lines": list(lines), **fields})

    def sign(self, decision: str, **fields: Any) -> Any:
        sent = {
            "number": "2468/QĐ-UBND",
            "signed_on": "2022-06-15",
            "capacity": "head",
            "signatory": "Chủ tịch UBND quận",
            "file_sha256": "ab" * 32,
            "signature_stated": "Chữ ký số của UBND quận",
        }
        return self.world.post("administrator", f"/award-decisions/{decision}/signature", sent | fields)

    def line(self, name: str, granted: bool, reason: str | None = "Lý do") -> dict[str, Any]:
        return {"nomination": self.dossiers[name], "granted": granted, "reason": reason}


def awarding(closed: World, members: int = 3) -> Awarding:
    """Dịch Vọng is first and Nghĩa Đô second of one cluster; both have dossiers, and so has one person."""
    assert lay_down(closed).status_code == 200
    figures = [{"code": "ca-nhan", "value": "17"}, {"code": "tien-tien", "value": "9"}]
    ids = complete(
        closed,
        dossier("bang-khen", dossier={"papers": [PAPER], "figures": figures}),
        dossier(),
        dossier(unit="nghia-do"),
        person(),
    )
    published(closed, "council")
    chamber = convened(closed, members)
    called = chamber.call(publication=1, papers_sent_on="2022-06-15", late_reason="Họp gấp")
    assert called.status_code == 201, called.text
    chamber.meeting = called.json()["id"]
    assert chamber.attend(dict.fromkeys(chamber.members, "present")).status_code == 200
    return Awarding(closed, chamber, dict(zip(("bang-khen", "dich-vong", "nghia-do", "person"), ids, strict=True)))
