"""Evidence: bytes under their hash, cited only by who holds them, downloaded only through what cites them, harmless whatever they are."""

import hashlib
import io
import resource
import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from app.evidence import archive
from app.settings import Settings
from tests.conftest import Hand
from tests.files import HEIC, KINDS, PDF, TAKEN, TWO_HEIC, office, open_document, packed, photograph
from tests.hostile import PAYLOAD, hostile_files
from tests.world import World, served

RAW = {"Content-Type": "application/octet-stream"}
CITED = {"document_number": "1/BC", "document_date": "2022-06-01", "issuer": "UBND phường"}


def upload(
    world: World, who: str = "dich-vong", content: bytes = PDF, unit: str = "dich-vong", headers: dict[str, str] | None = None, **asked: str
) -> httpx.Response:
    params = {"unit": unit, "secrecy": "none", **asked}
    return world.call(who, "POST", "/evidence", content=content, params=params, headers={**RAW, **(headers or {})})


def test_a_file_is_held_cited_and_downloaded(world: World, settings: Settings) -> None:
    answer = upload(world)
    assert answer.status_code == 201, answer.text
    digest = hashlib.sha256(PDF).hexdigest()
    assert answer.json() == {"file": digest, "sent": digest, "size": len(PDF), "media_type": "application/pdf"}
    assert upload(world).json() == answer.json(), "alike whether or not it was held"
    assert (settings.data_dir / "evidence" / digest[:2] / digest).read_bytes() == PDF
    submission = world.report(evidence=[{**CITED, "file": digest}]).json()["id"]
    file = world.get("appraiser", f"/submissions/{submission}/evidence/1")
    assert file.content == PDF
    _check_harmless(file)
    assert world.get("nghia-do", f"/submissions/{submission}/evidence/1").status_code == 404
    assert world.get("appraiser", f"/submissions/{submission}/evidence/2").status_code == 404
    assert world.get("appraiser", f"/submissions/{submission}/evidence/1/thumbnail").status_code == 404, "not a picture"


def _check_harmless(file: httpx.Response) -> None:
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in file.headers["content-security-policy"]


def test_knowing_a_hash_grants_nothing(world: World) -> None:
    digest = upload(world).json()["file"]
    cited = {**CITED, "file": digest}
    assert world.report("nghia-do", evidence=[cited]).json()["errors"][0]["pointer"] == "#/evidence/0/file"
    assert world.get("nghia-do", f"/evidence/{digest}/uses").status_code == 404
    assert world.get("nghia-do", "/units/dich-vong/evidence", params={"file": digest}).status_code == 404
    assert upload(world, "nghia-do", unit="nghia-do").status_code == 201
    assert world.report("nghia-do", evidence=[cited]).status_code == 201


def test_what_is_refused_leaves_nothing_behind(world: World, settings: Settings) -> None:
    assert upload(world, content=b"MZ not a document").json()["type"] == "/problems/unknown-kind"
    assert upload(world, content=b"").json()["type"] == "/problems/unknown-kind"
    assert upload(world, "viewer").status_code == 403
    assert upload(world, unit="nghia-do").status_code == 403
    params = {"unit": "dich-vong", "secrecy": "none"}
    assert world.call(None, "POST", "/evidence", content=PDF, params=params, headers=RAW).status_code == 401
    assert upload(world, content=b"%PDF-" + b"x" * (settings.evidence_limit_bytes + 1)).status_code == 413
    assert _kept(settings) == []


def _kept(settings: Settings) -> list[str]:
    folders = (settings.data_dir / "evidence", settings.data_dir / "thumbnails")
    return sorted(path.name for folder in folders for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("secrecy", "status", "kind"),
    [
        ("confidential", 422, "state-secret"),
        ("secret", 422, "state-secret"),
        ("top_secret", 422, "state-secret"),
        ("mat", 422, "invalid"),
        ("", 422, "invalid"),
    ],
)
def test_state_secrets_are_refused_by_declaration(world: World, settings: Settings, secrecy: str, status: int, kind: str) -> None:
    answer = upload(world, secrecy=secrecy)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert world.call("dich-vong", "POST", "/evidence", content=PDF, params={"unit": "dich-vong"}, headers=RAW).status_code == 422
    assert _kept(settings) == []
    said = world.get("dich-vong", "/vocabulary").json()["words"]["secrecy"]["top_secret"]
    assert said == {"vi": "Tuyệt mật", "en": "Top secret"}


def test_a_photograph_is_kept_without_its_place(world: World) -> None:
    """HEIC and JPEG of twelve million pixels and PNG: pixels, which side is up and the time stay, place and maker go."""
    for content, kind, size in (
        (HEIC, "JPEG", (4032, 3024)),
        (photograph("JPEG", 4032, 3024), "JPEG", (4032, 3024)),
        (photograph("PNG"), "PNG", (400, 300)),
    ):
        kept = upload(world, content=content).json()
        assert kept["media_type"] == f"image/{kind.lower()}"
        assert kept["sent"] == hashlib.sha256(content).hexdigest() != kept["file"]
        submission = world.report(evidence=[{**CITED, "file": kept["file"]}]).json()["id"]
        file = world.get("appraiser", f"/submissions/{submission}/evidence/1")
        _check_harmless(file)
        assert len(file.content) == kept["size"]
        assert hashlib.sha256(file.content).hexdigest() == kept["file"]
        picture = Image.open(io.BytesIO(file.content))
        assert (picture.format, picture.size) == (kind, size)
        exif = picture.getexif()
        assert exif.get_ifd(0x8769)[0x9003] == TAKEN
        assert not exif.get_ifd(0x8825)
        for left in (b"GPSLatitude", b"GPSComment", b"PhoneMaker"):
            assert left not in file.content
        small = world.get("appraiser", f"/submissions/{submission}/evidence/1/thumbnail")
        _check_harmless_picture(small)
        assert max(Image.open(io.BytesIO(small.content)).size) == 480 if size[0] > 480 else (300, 400)
        assert world.get("nghia-do", f"/submissions/{submission}/evidence/1/thumbnail").status_code == 404
    before = Image.open(io.BytesIO(photograph("PNG"))).convert("RGB").tobytes()
    assert picture.convert("RGB").tobytes() == before, "a PNG loses no pixel"
    assert b"GPSLatitude" in photograph("JPEG", 4032, 3024), "the control: it was there"


def _check_harmless_picture(small: httpx.Response) -> None:
    assert small.headers["content-type"] == "image/jpeg"
    assert small.headers["x-content-type-options"] == "nosniff"


def test_the_same_photograph_again_is_the_same_file(world: World) -> None:
    """Also where another version of the library would write other bytes: what was sent is known by its hash."""
    first = upload(world, content=HEIC).json()
    listed = world.get("dich-vong", "/units/dich-vong/evidence", params={"file": first["sent"]}).json()["items"]
    assert [one["file"] for one in listed] == [first["file"]], "a phone that lost the answer asks by the hash that it knows"
    assert upload(world, content=HEIC).json() == first
    assert upload(world).status_code == 201
    rows = world.get("dich-vong", "/units/dich-vong/evidence", params={"limit": 1}).json()
    assert [one["media_type"] for one in rows["items"]] == ["application/pdf"], "the newest first"
    more = world.get("dich-vong", "/units/dich-vong/evidence", params={"limit": 1, "cursor": rows["next"]}).json()
    assert [one["sent"] for one in more["items"]] == [first["sent"]]
    assert more["next"] is None
    assert world.get("dich-vong", "/units/dich-vong/evidence", params={"file": "0" * 64}).json()["items"] == []


@pytest.mark.parametrize("kind", [*KINDS, "text", "spreadsheet", "presentation"])
def test_office_files_are_known_by_what_they_hold(world: World, kind: str) -> None:
    content, media_type = (office(kind), KINDS[kind][1]) if kind in KINDS else (open_document(kind), f"{_OPEN}{kind}")
    kept = upload(world, content=content).json()
    assert kept["media_type"] == media_type
    submission = world.report(evidence=[{**CITED, "file": kept["file"]}]).json()["id"]
    file = world.get("appraiser", f"/submissions/{submission}/evidence/1")
    assert file.headers["content-type"] == media_type
    suffix = kind if kind in KINDS else f"od{kind[0]}"
    assert f'filename="minh-chung-1.{suffix}"' in file.headers["content-disposition"]


_OPEN = "application/vnd.oasis.opendocument."


def test_where_else_a_file_is_used_is_shown_within_reach(world: World) -> None:
    cited = {**CITED, "file": upload(world).json()["file"]}
    assert upload(world, "nghia-do", unit="nghia-do").status_code == 201
    first = world.report(evidence=[cited]).json()
    assert not elsewhere(first)
    assert not elsewhere(world.report(figure="9.5", evidence=[cited]).json()), "a newer report about the same is nothing else"
    assert not elsewhere(world.report("nghia-do", evidence=[cited]).json()), "of another unit this officer sees nothing"
    path = f"/submissions/{first['id']}"
    assert not elsewhere(world.get("dich-vong", path).json())
    assert elsewhere(world.get("appraiser", path).json())
    assert elsewhere(world.report(period="2022-04", evidence=[cited]).json()), "told with the answer"
    uses = world.get("appraiser", f"/evidence/{cited['file']}/uses").json()["items"]
    assert {(one["by"], one["unit"], one["period"]) for one in uses} == {
        ("report", "dich-vong", "2022-05"),
        ("report", "dich-vong", "2022-04"),
        ("report", "nghia-do", "2022-05"),
    }
    own = world.get("dich-vong", f"/evidence/{cited['file']}/uses").json()["items"]
    assert {one["unit"] for one in own} == {"dich-vong"}
    assert len(own) == 3
    listed = world.get("appraiser", "/submissions").json()["items"]
    assert all(elsewhere(one) for one in listed)


def elsewhere(report: dict[str, Any]) -> bool:
    """As the document says, and as the report's flags say."""
    flagged, told = "file_used_elsewhere" in report["flags"], [one["used_elsewhere"] for one in report["evidence"]]
    assert told == [flagged]
    return flagged


def test_the_scanner_is_asked_and_nothing_is_taken_without_its_answer(world: World, settings: Settings, hand: Hand, tmp_path: Path) -> None:
    script = tmp_path / "scanner"
    _scanned(world, settings.model_copy(update={"scanner": "/nowhere/scanner --quiet"}), hand, "scanner-silent", good=False)
    for status, kind in ((1, "infected"), (2, "scanner-silent"), (0, None)):
        script.write_text(f'#!/bin/sh\ngrep -q bad "$1" && exit {status}\nexit 0\n')
        script.chmod(script.stat().st_mode | stat.S_IEXEC)
        _scanned(world, settings.model_copy(update={"scanner": str(script)}), hand, kind)


def _scanned(world: World, settings: Settings, hand: Hand, kind: str | None, good: bool = True) -> None:
    with served(settings, world.database, hand) as scanned:
        scanned.keys |= world.keys
        assert upload(scanned, content=PDF + b" good").status_code == (201 if good else 503)
        answer = upload(scanned, content=PDF + b" bad")
    assert answer.json().get("type") == (kind and f"/problems/{kind}")
    assert (hashlib.sha256(PDF + b" bad").hexdigest() in _kept(settings)) == (kind is None)


def test_hostile_files_are_harmless(world: World, settings: Settings) -> None:
    """Refused with a reason, or kept as what nobody runs. All on SQLite, a tenth on PostgreSQL (reliability G1)."""
    files = hostile_files()[:: 1 if world.database.is_sqlite else 10]
    before, memory = _everything(settings), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept: dict[str, str] = {}
    refused = 0
    for file in files:
        answer = upload(world, content=file.content)
        assert answer.status_code in ({413, 415, 422} if file.is_refused else {201, 413, 415, 422}), (file.name, answer.text)
        if answer.status_code == 201:
            kept[answer.json()["file"]] = answer.json()["media_type"]
        else:
            refused += 1
            assert answer.headers["content-type"] == "application/problem+json"
    assert len(files) >= (300 if world.database.is_sqlite else 30)
    assert refused >= len(files) // 2, "the floor: most of these are traps"
    assert len(kept) >= len(files) // 20, "the floor: some are taken"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 400_000, "kilobytes: no trap is opened in this process"
    new = _everything(settings) - before
    assert {path.name for path in new if path.parent.parent.name in {"evidence", "thumbnails"}} == set(kept), "and nothing anywhere else"
    assert all("evidence" in path.parts or "thumbnails" in path.parts for path in new if path.suffix not in {".db-wal", ".db-shm"})
    for digest, kind in kept.items():
        content = (settings.data_dir / "evidence" / digest[:2] / digest).read_bytes()
        assert not kind.startswith("image/") or PAYLOAD not in content, "a picture is a picture and nothing else"
    cited = [{**CITED, "file": digest} for digest in list(kept)[:20]]
    submission = world.report(evidence=cited).json()["id"]
    for number in range(1, len(cited) + 1):
        _check_harmless(world.get("appraiser", f"/submissions/{submission}/evidence/{number}"))


def _everything(settings: Settings) -> set[Path]:
    return {path for path in settings.data_dir.rglob("*") if path.is_file()}


@pytest.mark.parametrize("parts", [1, 100, 1_900])
def test_honest_archives_pass(parts: int) -> None:
    """The control of the traps: many parts, folders, a comment, something stored, a well-packed text."""
    more: dict[str, bytes | str] = {f"word/media/{n}.bin": bytes([n % 256]) * 50 for n in range(parts)}
    assert archive.kind_of(io.BytesIO(office("docx", {**more, "word/long.xml": "<w:p>Kết quả</w:p>" * 200}))) == KINDS["docx"][1]
    assert archive.kind_of(io.BytesIO(packed({"a": "b"}, zipfile.ZIP_STORED))) is None


def test_files_as_real_programs_write_them_pass() -> None:
    """A white page that packs a hundredfold, a name in raw UTF-8 without its flag, and a directory that also speaks in 64 bits."""
    white = office("docx", {"word/media/image1.bmp": b"\xff" * 6_220_854})
    assert archive.kind_of(io.BytesIO(white)) == KINDS["docx"][1]
    name = "word/media/anh hien truong so mot.png"
    content = packed({"[Content_Types].xml": CONTENT_TYPES, name: b"x" * 90, "word/document.xml": "<x/>"}, zipfile.ZIP_STORED)
    raw = content.replace(name.encode(), "word/media/ảnh hiện trường.png".encode()[: len(name)].ljust(len(name), b"_"))
    assert archive.kind_of(io.BytesIO(raw)) == KINDS["docx"][1]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_, archive_.open("[Content_Types].xml", "w", force_zip64=True) as part:
        part.write(CONTENT_TYPES.encode())
    assert archive.kind_of(out) == KINDS["docx"][1]


CONTENT_TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{KINDS["docx"][1]}.main+xml"/></Types>'


def test_of_several_photographs_in_one_file_the_first_is_kept(world: World) -> None:
    kept = upload(world, content=TWO_HEIC).json()
    submission = world.report(evidence=[{**CITED, "file": kept["file"]}]).json()["id"]
    assert Image.open(io.BytesIO(world.get("appraiser", f"/submissions/{submission}/evidence/1").content)).size == (1024, 768)
    assert Image.open(io.BytesIO(world.get("appraiser", f"/submissions/{submission}/evidence/1/thumbnail").content)).size == (480, 360)


def test_what_was_downloaded_and_is_sent_again_is_the_same_file(world: World) -> None:
    """A JPEG is not written once more, with other bytes, each time that it goes round."""
    kept = upload(world, content=photograph("JPEG", 800, 600)).json()
    submission = world.report(evidence=[{**CITED, "file": kept["file"]}]).json()["id"]
    down = world.get("dich-vong", f"/submissions/{submission}/evidence/1").content
    assert upload(world, content=down).json()["file"] == kept["file"]


def test_the_same_file_from_many_at_once_is_held_once_by_each(world: World) -> None:
    for number in range(8):
        senders = ["dich-vong", "nghia-do"] * 3
        with ThreadPoolExecutor(6) as pool:
            made = pool.map(lambda who, n=number: upload(world, who, content=PDF + str(n).encode(), unit=who).status_code, senders)
            assert set(made) == {201}
    assert len(world.get("dich-vong", "/units/dich-vong/evidence").json()["items"]) == 8


def test_a_file_that_is_gone_from_the_disk_is_not_found(world: World, settings: Settings) -> None:
    digest = upload(world).json()["file"]
    submission = world.report(evidence=[{**CITED, "file": digest}]).json()["id"]
    (settings.data_dir / "evidence" / digest[:2] / digest).unlink()
    assert world.get("appraiser", f"/submissions/{submission}/evidence/1").status_code == 404
