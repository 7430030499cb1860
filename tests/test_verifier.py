"""What a stranger is given: the verifier accepts what was published, and names whatever was changed."""

import base64
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.audit.notes import Signer
from app.audit.proofs import consistency, inclusion, root_of
from app.cli import main
from app.ranking import verifier
from app.ranking.verifier import thidua_verify as stranger
from tests.conftest import Hand
from tests.test_facts_export import busy
from tests.test_marks import marked  # noqa: F401 - a fixture
from tests.test_publications import PATH, published
from tests.test_publishing import advanced, gate, override
from tests.world import World

SCRIPT = Path(verifier.__file__).parent / "thidua_verify.py"
DICE = random.Random(7)  # noqa: S311


@pytest.fixture
def result(marked: World, hand: Hand) -> World:  # noqa: F811
    """A published result with marks of three stages, a corrected figure, a late task, and reports that wait and are answered for."""
    world = busy(marked)
    Signer.created("thidua.example/cau-giay", world.app.state.house.settings.key_file)
    hand.forward(seconds=1)
    advanced(world, "launched", "reporting_closed", "under_review")
    for kind, subjects in gate(world).items():
        assert override(world, kind, subjects).status_code == 201
    for stage in ("council", "posted"):
        published(world, stage)
    return world


def bundle(world: World, number: int, edition: str) -> bytes:
    found = world.get("secretary", f"{PATH}/publications/{number}/bundle", params={"edition": edition})
    assert found.status_code == 200
    return found.content


def key(world: World) -> str:
    return Signer.kept_in(world.app.state.house.settings.key_file).verifier


def told(raw: bytes, of: str | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = stranger.verified(raw, of).found
    return found


def test_what_is_published_verifies_in_both_editions(result: World, tmp_path: Path) -> None:
    for number, edition in ((1, "full"), (2, "full"), (2, "public")):
        raw = bundle(result, number, edition)
        assert told(raw, key(result)) == [], (number, edition)
        place = tmp_path / f"{number}-{edition}.zip"
        place.write_bytes(raw)
        run = CliRunner().invoke(main, ["verify", str(place), "--key", key(result)])
        assert (run.exit_code, run.output) == (0, "everything holds; signed by thidua.example/cau-giay\n")
    with zipfile.ZipFile(io.BytesIO(bundle(result, 2, "full"))) as archive:
        assert archive.read("thidua_verify.py") == SCRIPT.read_bytes(), "it comes with what it verifies"
        assert len(json.loads(archive.read("trail/consistency.json"))["proof"]) > 0
    other = Signer.created("thidua.example/other", tmp_path / "other.key").verifier
    assert told(bundle(result, 2, "public"), other) == [("publication.note", "signed by another key: thidua.example/cau-giay")]


def runs(python: str) -> bool:
    """A name on the path may be a shim of something that is not there."""
    return subprocess.run([python, "-c", "pass"], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("version", ["python3.9", "python3.13"])
def test_it_needs_nothing_but_python(result: World, tmp_path: Path, version: str) -> None:
    """From 3.9 on; where an interpreter is not there, this one runs it apart from everything that is installed."""
    python = next(one for one in (shutil.which(version), sys.executable) if one and runs(one))
    shutil.copy(SCRIPT, tmp_path / "thidua_verify.py")
    (tmp_path / "bundle.zip").write_bytes(bundle(result, 2, "public"))

    def run() -> tuple[int, str]:
        ended = subprocess.run(
            [python, "-I", "-S", "thidua_verify.py", "bundle.zip", "--key", key(result)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )
        return ended.returncode, ended.stdout + ended.stderr

    assert run() == (0, "everything holds; signed by thidua.example/cau-giay\n")
    (tmp_path / "bundle.zip").write_bytes(b"PK" + bytes(100))
    assert run()[0] == 2


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + DICE.choice([-1, 1, 10])
    if isinstance(value, str) and value[:1].isdigit() and value.replace(".", "").isdigit():
        return str(int(value.partition(".")[0]) + 1)
    return f"{value}x" if isinstance(value, str) else "x"


def leaves_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every single value of a document stands."""
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in leaves_of(one, (*path, name))]
    if isinstance(value, list):
        return [found for number, one in enumerate(value) for found in leaves_of(one, (*path, number))]
    return [path]


def opened(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return kept.getvalue()


def tampered(files: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """One value of one document changed, a document removed, added or put in the place of another; and which."""
    name = DICE.choice([one for one in files if one.endswith(".json")])
    how = DICE.random()
    if how < 0.05:
        return name, {one: content for one, content in files.items() if one != name}
    if how < 0.1:
        return "units/them.json", files | {"units/them.json": files[name]}
    if how < 0.15:
        other = DICE.choice([one for one in files if one.endswith(".json") and files[one] != files[name]])
        return name, files | {name: files[other]}
    document = json.loads(files[name])
    path = DICE.choice(leaves_of(document))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = changed(place[path[-1]])
    return name, files | {name: stranger.canonical(document)}


def test_500_tamperings_are_each_found_by_name(result: World) -> None:
    """Of documents, put into a file that unpacks as before; of single bits anywhere; of each byte from the note on: no hash covers it."""
    raw, of = bundle(result, 2, "full"), key(result)
    files, seen = opened(raw), Counter[str]()
    times = 250 if result.database.is_sqlite else 25
    assert told(packed(files), of) != [], "the file itself is as it was made, or it is told"
    for _ in range(times):
        name, other = tampered(files)
        found = told(packed(other), of)
        assert any(place.startswith(name) for place, _ in found), (name, found)
        seen[name.partition("/")[0]] += 1
    assert set(seen) >= {"units", "rulebooks", "result.json", "leaves.json", "trail"}, "every kind of file was tried"
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        note = archive.infolist()[-1].header_offset
    listed = range(note, len(raw), 1 if result.database.is_sqlite else 10)
    for at in [*(DICE.randrange(len(raw)) for _ in range(times)), *listed]:
        flipped = raw[:at] + bytes([raw[at] ^ 1 << DICE.randrange(8)]) + raw[at + 1 :]
        try:
            assert told(flipped, of), at
        except zipfile.BadZipFile:
            continue  # no bundle at all


def test_a_number_that_does_not_follow_is_named_even_when_it_is_signed(result: World) -> None:
    """Whoever holds the key may sign anything; the arithmetic is checked all the same."""
    files = opened(bundle(result, 2, "public"))
    for name, path, value, place in (
        ("units/dich-vong.json", ("sheets", "decided", "total"), "99", "units/dich-vong.json decided total"),
        ("units/dich-vong.json", ("sheets", "decided", "lines", 1, "points"), "1", "units/dich-vong.json decided A points"),
        ("units/dich-vong.json", ("facts", "targets", 0, "assigned"), "5", "units/dich-vong.json decided total"),
        ("result.json", ("clusters", 0, "standings", 1, "place"), 1, "result.json nghia-do"),
        ("result.json", ("clusters", 0, "standings", 0, "state"), "excluded", "units/dich-vong.json"),
    ):
        document = json.loads(files[name])
        at = document
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        found = told(packed(files | {name: stranger.canonical(document)}), None)
        assert place in [where for where, _ in found], (place, found)


# RFC 8032, 7.1: secret, public, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_signatures_of_rfc_8032(secret: str, public: str, message: str, signature: str) -> None:
    key_, said, held = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert stranger.is_signed(key_, said, held)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(said) == held
    for wrong in (said + b"x", b"x" + said):
        assert not stranger.is_signed(key_, wrong, held)
    order = (int.from_bytes(held[32:], "little") + stranger.L).to_bytes(32, "little")
    assert not stranger.is_signed(key_, said, held[:32] + order), "the same signature in another form"
    assert not stranger.is_signed(key_[:-1], said, held)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(min_value=0, max_value=511))
def test_signatures_as_a_library_makes_them(message: bytes, bit: int) -> None:
    made = Ed25519PrivateKey.generate()
    held, public = made.sign(message), made.public_key().public_bytes_raw()
    assert stranger.is_signed(public, message, held)
    other = bytearray(held)
    other[bit // 8] ^= 1 << bit % 8
    assert not stranger.is_signed(public, message, bytes(other))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=40), st.data())
def test_proofs_of_the_service_hold_for_a_stranger(contents: list[bytes], data: st.DataObject) -> None:
    leaves = [stranger.leaf_of(one) for one in contents]
    root, index = root_of(leaves), data.draw(st.integers(0, len(leaves) - 1))
    assert stranger.root_of(leaves) == root
    path = inclusion(leaves, index)
    assert stranger.leads_to(leaves[index], index, len(leaves), path, root)
    assert not stranger.leads_to(stranger.leaf_of(b"another"), index, len(leaves), path, root)
    assert not stranger.leads_to(leaves[index], index, len(leaves), [*path, root], root)
    size = data.draw(st.integers(1, len(leaves)))
    proof, earlier = consistency(leaves, size), root_of(leaves[:size])
    assert stranger.begins(size, earlier, len(leaves), root, proof)
    assert not stranger.begins(size, stranger.leaf_of(b"another"), len(leaves), root, proof)
    if size < len(leaves):
        assert not stranger.begins(size, earlier, len(leaves), stranger.leaf_of(b"another"), proof)


def test_what_is_no_key_and_no_note_is_said(tmp_path: Path) -> None:
    made = Signer.created("thidua.example", tmp_path / "key")
    name, mark, held = stranger.opened_key(made.verifier)
    assert (name, mark, held) == ("thidua.example", made.mark.hex(), made.public)
    for wrong in ("x", "a+b", made.verifier.replace("thidua", "thiduo"), made.verifier[:-4]):
        with pytest.raises(stranger.Wrong):
            stranger.opened_key(wrong)
    note = made.signed("one\ntwo\n")
    assert stranger.note_text(note, (name, mark, held)) == "one\ntwo\n"
    line = note.splitlines()[-1]
    longer = line.replace(line.split(" ")[2], base64.b64encode(base64.b64decode(line.split(" ")[2]) + b"\0").decode())
    for wrong in (note.replace("one", "One"), note.rstrip(), note.replace("\n\n", "\n"), note.replace(line, longer), ""):
        with pytest.raises(stranger.Wrong):
            stranger.note_text(wrong, (name, mark, held))
