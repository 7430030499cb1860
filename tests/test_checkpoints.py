"""The trail's heads, signed and kept outside: what was changed, cut or restored from yesterday is seen against them."""

import base64
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typer.testing import CliRunner

from app.audit.notes import NotAKey, Signer
from app.audit.proofs import consistency, inclusion, root_of
from app.audit.rules import document_hash
from app.cli import main
from tests.world import World


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Commands of this machine go to the world's database."""
    settings = world.app.state.house.settings
    monkeypatch.setenv("THIDUA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("THIDUA_DATABASE_URL", settings.database)
    assert run("key", "create", "thidua.example/trail")[0] == 0
    return world


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outside")


def run(*asked: str) -> tuple[int, str]:
    told = CliRunner().invoke(main, list(asked))
    return told.exit_code, told.output


def checked(text: str, verifier: str) -> None:
    """By the format of C2SP: the text, an empty line, and a signature that names its key."""
    name, mark, key = verifier.strip().split("+", 2)
    body, _, line = text.rpartition("\n\n")
    dash, signer, signature = line.strip().split(" ")
    held = base64.b64decode(signature)
    assert (dash, signer, held[:4].hex()) == ("\N{EM DASH}", name, mark)
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(held[4:], f"{body}\n".encode())


def test_a_head_is_signed_and_every_earlier_one_is_its_beginning(server: World, outside: Path) -> None:
    folder = outside / "new"
    code, told = run("checkpoint", str(folder))
    assert code == 0, told
    [first] = folder.iterdir()
    text, verifier = first.read_text(), run("key", "show")[1]
    checked(text, verifier)
    with pytest.raises(InvalidSignature):
        checked(text.replace("\n\n", "0\n\n"), verifier)
    assert int(text.split("\n")[1]) == int(server.get("administrator", "/units").headers["Thidua-Trail-Position"])
    server.report(figure="9")
    assert run("checkpoint", str(folder))[0] == 0
    assert len(list(folder.iterdir())) == 2
    inside = run("checkpoint", str(server.app.state.house.settings.data_dir / "here"))
    assert inside[0] == 2


def test_a_trail_that_was_written_anew_cut_or_restored_is_seen(server: World, outside: Path) -> None:
    folder, other = outside / "heads", outside / "other"
    server.report(figure="9")
    assert run("checkpoint", str(folder))[0] == 0
    [known] = folder.iterdir()
    size, root = known.read_text().split("\n")[1:3]
    shutil.copytree(folder, other)
    (other / known.name).write_text(known.read_text().replace(root, base64.b64encode(b"\0" * 32).decode()))
    assert (run("checkpoint", str(other))[0], "written anew" in run("checkpoint", str(other))[1]) == (1, True)
    (other / known.name).write_text(known.read_text().replace(f"\n{size}\n", f"\n{int(size) + 1}\n"))
    assert (run("checkpoint", str(other))[0], "newer than the trail" in run("checkpoint", str(other))[1]) == (1, True)
    with server.app.state.house.database.engine.begin() as connection:
        if server.app.state.house.database.is_sqlite:
            connection.execute(sa.text("DROP TRIGGER entry_no_update"))
        else:
            connection.execute(sa.text("ALTER TABLE entry DISABLE TRIGGER USER"))
        connection.execute(sa.text("UPDATE entry SET verb = 'progress.withdrawn' WHERE seq = :seq"), {"seq": int(size)})
    code, told = run("checkpoint", str(folder))
    assert (code, "not what its leaf says" in told) == (1, True), "the row is not what its leaf says"


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "signing.key"
    made = Signer.created("thidua.example", place)
    assert (place.stat().st_mode & 0o777, Signer.kept_in(place).verifier) == (0o600, made.verifier)
    with pytest.raises(FileExistsError):
        Signer.created("thidua.example", place)
    for name in ("", "two words", "a+b", "a\nb"):
        with pytest.raises(NotAKey):
            Signer.created(name, tmp_path / "other.key")
    place.write_text(place.read_text().replace("thidua.example", "thidua.another"))
    with pytest.raises(NotAKey):
        Signer.kept_in(place)
    place.write_text("x")
    with pytest.raises(NotAKey):
        Signer.kept_in(place)
    place.chmod(0o640)
    with pytest.raises(NotAKey):
        Signer.kept_in(place)


def test_proofs_of_the_tree_of_rfc_6962() -> None:
    """The published vectors of RFC 6962's reference implementation."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [document_hash(bytes.fromhex(one)) for one in inputs]
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root_of(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert [one.hex() for one in inclusion(leaves[:3], 2)] == ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]
    assert [one.hex() for one in consistency(leaves[:2], 1)] == ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"]
    assert [one.hex() for one in consistency(leaves, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert consistency(leaves, 8) == []
