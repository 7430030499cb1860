"""A council for tests: people with a seat and a way in, a regulation, a meeting. All synthetic."""

from dataclasses import dataclass, field
from typing import Any

from tests.world import MOVEMENT, World

CODE = "hd-quan"
REGULATION: dict[str, Any] = {
    "quorum": {"numerator": 2, "denominator": 3},
    "papers_days": 3,
    "substitutes_vote": True,
    "written_opinions_count": True,
    "source": "Quy chế thử",
    "thresholds": [
        {"code": "khen", "name": "Khen", "share": {"numerator": 70, "denominator": 100}, "of": "members", "secret": False, "source": "x"},
        {"code": "kin", "name": "Kín", "share": {"numerator": 90, "denominator": 100}, "of": "members", "secret": True, "source": "x"},
        {
            "code": "thuong",
            "name": "Thường",
            "share": {"numerator": 1, "denominator": 2},
            "of": "valid",
            "secret": False,
            "chair_breaks_ties": True,
            "source": "x",
        },
    ],
}


def enrolled(world: World, code: str, role: str = "council_member", name: str | None = None) -> str:
    """A person with a role everywhere, signed in under their code."""
    person: str = world.post("administrator", "/people", {"code": code, "name": name, "synthetic": True}).json()["id"]
    given = {"role": role, "reach": "everywhere", "unit": "cau-giay"}
    answer = world.post("administrator", f"/people/{person}/roles", given)
    assert answer.status_code == 201, answer.text
    link = world.post("administrator", f"/people/{person}/links").json()["token"]
    world.keys[code] = world.post(None, "/session/link", {"token": link}).json()["token"]
    return person


@dataclass
class Chamber:
    world: World
    members: dict[str, str] = field(default_factory=dict)
    """By the person's code."""
    meeting: str = ""

    def put(self, who: str, path: str, sent: Any, version: int) -> Any:
        return self.world.call(who, "PUT", path, json=sent, headers={"If-Match": f'"{version}"'})

    def regulate(self, version: int = 0, **fields: Any) -> Any:
        return self.put("secretary", f"/councils/{CODE}/regulation", REGULATION | fields, version)

    def seat(self, code: str, position: str = "member", since: str = "2022-01-01") -> Any:
        return self.world.post("secretary", f"/councils/{CODE}/members", {"person": code, "position": position, "since": since})

    def call(self, **fields: Any) -> Any:
        sent = {"movement": MOVEMENT, "held_on": "2022-06-15", "papers_sent_on": "2022-06-10", **fields}
        return self.world.post("secretary", f"/councils/{CODE}/meetings", sent)

    def attend(self, there: dict[str, str], version: int = 0, **substitutes: str) -> Any:
        """Presences by the person's code."""
        lines = [
            {"member": self.members[code], "presence": how, "substitute": substitutes.get(code.replace("-", "_"))}
            for code, how in there.items()
        ]
        return self.put("secretary", f"/meetings/{self.meeting}/attendance", {"members": lines}, version)

    def tabled(self, threshold: str = "khen") -> str:
        answer = self.world.post("secretary", f"/meetings/{self.meeting}/motions", {"text": "Tặng giấy khen", "threshold": threshold})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def opened(self, threshold: str = "khen") -> str:
        motion = self.tabled(threshold)
        answer = self.world.post("secretary", f"/motions/{motion}/opening")
        assert answer.status_code == 200, answer.text
        return motion

    def vote(self, motion: str, code: str, choice: str = "for", version: int = 0, who: str | None = None, **fields: Any) -> Any:
        return self.put(who or code, f"/motions/{motion}/votes/{self.members[code]}", {"choice": choice, **fields}, version)

    def recuse(self, motion: str, code: str, who: str = "secretary") -> Any:
        return self.world.post(who, f"/motions/{motion}/recusals", {"member": self.members[code], "reason": "Đơn vị mình"})

    def close(self, motion: str, **ballots: Any) -> Any:
        return self.world.post("secretary", f"/motions/{motion}/closing", {"ballots": ballots} if ballots else {})

    def result(self, motion: str, **ballots: Any) -> dict[str, Any]:
        answer = self.close(motion, **ballots)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["result"]
        return found


def convened(world: World, size: int) -> Chamber:
    """`tv-1` is the chair; everybody is there on the day. Of `tv-3` alone the name is recorded."""
    chamber = Chamber(world)
    founded = world.post("secretary", "/councils", {"code": CODE, "name": "Hội đồng thử", "decision": "x", "synthetic": True})
    assert founded.status_code == 201, founded.text
    assert chamber.regulate().status_code == 200
    for number in range(1, size + 1):
        enrolled(world, f"tv-{number}", name="Thành viên mẫu 3" if number == 3 else None)
        answer = chamber.seat(f"tv-{number}", "chair" if number == 1 else "member")
        assert answer.status_code == 201, answer.text
    chamber.members = {one["person"]: one["id"] for one in world.get("secretary", f"/councils/{CODE}").json()["members"]}
    called = chamber.call()
    assert called.status_code == 201, called.text
    chamber.meeting = called.json()["id"]
    assert chamber.attend(dict.fromkeys(chamber.members, "present")).status_code == 200
    return chamber
