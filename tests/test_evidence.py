"""Evidence: bytes under their hash, cited only by who holds them, downloaded only through what cites them."""

import hashlib
from pathlib import Path

import httpx

from app.settings import Settings
from tests.world import World

PDF = b"%PDF-1.7 minh chung"
RAW = {"Content-Type": "application/octet-stream"}


def upload(
    world: World, who: str = "dich-vong", content: bytes = PDF, unit: str = "dich-vong", headers: dict[str, str] | None = None
) -> httpx.Response:
    return world.call(who, "POST", "/evidence", content=content, params={"unit": unit}, headers={**RAW, **(headers or {})})


def test_a_file_is_held_cited_and_downloaded(world: World, settings: Settings) -> None:
    answer = upload(world)
    assert answer.status_code == 201, answer.text
    digest = hashlib.sha256(PDF).hexdigest()
    assert answer.json() == {"file": digest, "size": len(PDF), "media_type": "application/pdf"}
    assert upload(world).json() == answer.json(), "alike whether or not it was held"
    assert (settings.data_dir / "evidence" / digest[:2] / digest).read_bytes() == PDF
    cited = {"document_number": "1/BC", "document_date": "2022-06-01", "issuer": "UBND phường", "file": digest}
    submission = world.report(evidence=[cited]).json()["id"]
    file = world.get("appraiser", f"/submissions/{submission}/evidence/1")
    assert file.content == PDF
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in file.headers["content-security-policy"]
    assert world.get("nghia-do", f"/submissions/{submission}/evidence/1").status_code == 404
    assert world.get("appraiser", f"/submissions/{submission}/evidence/2").status_code == 404


def test_knowing_a_hash_grants_nothing(world: World) -> None:
    digest = upload(world).json()["file"]
    cited = {"document_number": "1/BC", "document_date": "2022-06-01", "issuer": "x", "file": digest}
    assert world.report("nghia-do", evidence=[cited]).json()["errors"][0]["pointer"] == "#/evidence/0/file"
    assert upload(world, "nghia-do", unit="nghia-do").status_code == 201
    assert world.report("nghia-do", evidence=[cited]).status_code == 201


def test_what_is_refused_leaves_nothing_behind(world: World, settings: Settings) -> None:
    assert upload(world, content=b"MZ not a document").json()["type"] == "/problems/unknown-kind"
    assert upload(world, content=b"").json()["type"] == "/problems/unknown-kind"
    assert upload(world, "viewer").status_code == 403
    assert upload(world, unit="nghia-do").status_code == 403
    assert world.call(None, "POST", "/evidence", content=PDF, params={"unit": "dich-vong"}, headers=RAW).status_code == 401
    assert upload(world, content=b"%PDF-" + b"x" * (settings.evidence_limit_bytes + 1)).status_code == 413
    kept = [path for path in Path(settings.data_dir / "evidence").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [hashlib.sha256(PDF).hexdigest()], "only the foreign unit's bytes, which the sweep takes"
