"""Three hundred files that somebody may upload to do harm, always the same. Made here, so that no scanner finds them in the tree."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from PIL import Image

from tests.files import HEIC, PDF, office, packed, photograph

SEED = 25
PAYLOAD = b"<?php system($_GET[0]) ?><script>alert(document.cookie)</script>"


class Hostile(NamedTuple):
    name: str
    content: bytes
    is_refused: bool
    """Whether it must be; others may also be kept, and must be harmless then."""


NAMES = [
    "../../../etc/passwd",
    "..\\..\\evil.exe",
    "/etc/cron.d/x",
    "\\\\server\\share",
    "C:\\windows\\x",
    "a/../../b",
    "./../x",
    "word/../../x",
    "..",
    "../",
    "x/..",
    "file:///etc/passwd",
    "C:evil",
    "/../x",
    "a\\..\\..\\b",
    "/",
    "//x",
    "word\\..\\..\\x",
]
RUNS = [
    "word/vbaProject.bin",
    "xl/vbaProject.bin",
    "ppt/vbaProject.bin",
    "word/VBAPROJECT.BIN",
    "x/y/vbaProject.bin",
    "xl/macrosheets/sheet1.xml",
    "xl/macroSheets/intlsheet1.xml",
    "word/activeX/activeX1.bin",
    "xl/activeX/activeX1.xml",
    "Basic/Standard/Module1.xml",
    "Scripts/python/x.py",
    "ppt/activex/a.bin",
]
FOREIGN = {
    "exe": b"MZ\x90\x00",
    "elf": b"\x7fELF\x02\x01\x01",
    "shell": b"#!/bin/sh\nrm -rf /",
    "gif": b"GIF89a=1;alert(1)//",
    "html": b"<!doctype html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "rtf": b"{\\rtf1\\object",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rar": b"Rar!\x1a\x07\x00",
    "7z": b"7z\xbc\xaf'\x1c",
    "gz": b"\x1f\x8b\x08",
    "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>',
    "mhtml": b"MIME-Version: 1.0\r\n",
    "lnk": b"L\x00\x00\x00\x01\x14\x02\x00",
    "late pdf": b"junk before %PDF-1.7",
    "bom pdf": b"\xef\xbb\xbf%PDF-1.7",
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00",
    "tiff": b"II*\x00",
    "bmp": b"BM",
    "ico": b"\x00\x00\x01\x00",
    "empty": b"",
    "one byte": b"%",
    "class": b"\xca\xfe\xba\xbe",
    "swf": b"CWS\t",
    "psd": b"8BPS",
    "ps": b"%!PS-Adobe-3.0",
    "zip end": b"PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    "spanned": b"PK\x07\x08",
    "mp4": b"\x00\x00\x00\x18ftypmp42",
}


def hostile_files() -> list[Hostile]:
    return [*_bombs(), *_archives(), *_polyglots(), *_floods(), *_broken()]


def _bombs() -> Iterator[Hostile]:
    for number, megabytes in enumerate((21, 25, 30, 40, 60, 99)):
        yield Hostile(f"ratio {number}", office("docx", {"word/big.xml": b"\0" * megabytes * 1_000_000}), is_refused=True)
    for number, size in enumerate((2**31, 2**32 - 2, 10**9, 101 * 10**6)):
        yield Hostile(f"declares {size} {number}", _declaring(size), is_refused=True)
    for count in (2_001, 2_500, 9_000, 20_000):
        yield Hostile(f"{count} parts", office("docx", {f"{n}": "" for n in range(count)}), is_refused=True)
    for count in (2, 3, 5, 10, 50, 100, 500, 1_000):
        yield Hostile(f"overlapping {count}", _overlapping(count), is_refused=True)


def _packings() -> Iterator[Hostile]:
    """Packed as no office program does: unpacking a little of it may take all memory there is."""
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        for name in ("mimetype", "[Content_Types].xml", "word/document.xml"):
            yield Hostile(f"packed {method} {name}", office("docx", {name: b"\0" * 3_000_000}, method), is_refused=True)
        spoilt = bytearray(office("docx", {"mimetype": b"x" * 500}, method))
        spoilt[spoilt.index(b"mimetype") + 17] ^= 0xFF
        yield Hostile(f"packed {method} and spoilt", bytes(spoilt), is_refused=True)
    for many, long in ((1_000_000, 47_000_000), (2_001, 10), (1, 2_000_000), (2**63, 2**63)):
        yield Hostile(f"64 bits say {many}, {long}", _in_64_bits(many, long), is_refused=True)


def _in_64_bits(many: int, long: int) -> bytes:
    """The end record says one thing, the record of 64 bits before it another."""
    content = office()
    end = content.rindex(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, many, many, long, content.index(b"PK\x01\x02"))
    return content[:end] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1) + content[end:]


def _archives() -> Iterator[Hostile]:
    yield from _packings()
    for name in NAMES:
        yield Hostile(f"name {name}", _named(name), is_refused=True)
    for name in RUNS:
        yield Hostile(f"macros {name}", office("docx", {name: b"x"}), is_refused=True)
    for target in ("/etc/passwd", "../../x", "word/document.xml", ".", "/dev/zero"):
        yield Hostile(f"link to {target}", _with_link(target), is_refused=True)
    for name in ("word/document.xml", "[Content_Types].xml", "x"):
        yield Hostile(f"twice {name}", _twice(name), is_refused=True)
        yield Hostile(f"encrypted {name}", _encrypted(name), is_refused=True)
    yield from _parts()


def _parts() -> Iterator[Hostile]:
    for name, parts in _BARE.items():
        yield Hostile(f"bare zip {name}", packed(parts), is_refused=True)
    for number, text in enumerate(_ENTITIES):
        yield Hostile(f"entities {number}", office("docx", {"word/other.xml": text}), is_refused=False)
        yield Hostile(f"entities listed {number}", packed({"[Content_Types].xml": text, "word/document.xml": text}), is_refused=True)
    enabled = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    for name in ("word/embeddings/tinh.xlsm", "xl/embeddings/x.DOCM", "word/embeddings/a.xlsb"):
        yield Hostile(f"embedded {name}", office("docx", {name: b"x"}), is_refused=True)
    locked: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<manifest:encryption-data/>",
    }
    yield Hostile("OpenDocument with a password", packed(locked), is_refused=True)
    yield Hostile("macros in disguise", packed({"[Content_Types].xml": enabled.replace("E", "&#69;")}), is_refused=True)
    yield Hostile("macros enabled", packed({"[Content_Types].xml": enabled}), is_refused=True)
    whole = office("xlsx", {"xl/worksheets/sheet1.xml": "<x/>"})
    for cut in range(1, 21):
        yield Hostile(f"docx cut at {cut}", whole[: len(whole) * cut // 21], is_refused=True)


_BARE: dict[str, dict[str, bytes | str]] = {
    "jar": {"META-INF/MANIFEST.MF": "Main-Class: X", "X.class": b"\xca\xfe"},
    "apk": {"AndroidManifest.xml": b"\x03\0", "classes.dex": b"dex"},
    "programs": {"x.exe": b"MZ"},
    "nested": {"a.zip": packed({"b.zip": packed({"c": b"\0" * 9_000})})},
    "epub": {"mimetype": "application/epub+zip"},
    "wrong mimetype": {"mimetype": "text/html", "x.html": PAYLOAD},
    "nothing": {"x": ""},
}
_ENTITIES = [
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    '<!DOCTYPE x [<!ENTITY y SYSTEM "http://169.254.169.254/latest">]><x>&y;</x>',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><x>&c;</x>',
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///dev/zero">%p;]><x/>',
    '<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></x>',
]


def _polyglots() -> Iterator[Hostile]:
    for name, content in FOREIGN.items():
        yield Hostile(f"foreign {name}", content + (PAYLOAD if content else b""), is_refused=True)
    for kind in ("JPEG", "PNG"):
        picture = photograph(kind, 64, 48)
        for name, tail in (("script", PAYLOAD), ("zip", office("docx", {"x.html": PAYLOAD})), ("pdf", PDF + PAYLOAD)):
            yield Hostile(f"{kind} and {name}", picture + tail, is_refused=False)
    jpeg = photograph("JPEG", 64, 48)
    for number, marker in enumerate((0xFE, 0xE2, 0xED, 0xEE, 0xE5)):
        segment = struct.pack(">BBH", 0xFF, marker, len(PAYLOAD) + 2) + PAYLOAD
        yield Hostile(f"JPEG with a script {number}", jpeg[:2] + segment + jpeg[2:], is_refused=False)
    for kind in ("JPEG", "PNG"):
        yield Hostile(f"{kind} with a script for a profile", _with_profile(kind), is_refused=False)
    for number, chunk in enumerate((b"tEXt", b"eXIf", b"prVt", b"iCCP")):
        yield Hostile(f"PNG with a script {number}", _png(32, 32, [(chunk, b"a\0" + PAYLOAD)]), is_refused=False)
    for number, body in enumerate((b"", PAYLOAD, b"1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>>>>", b"\0" * 100_000)):
        yield Hostile(f"PDF with more {number}", PDF + body + b"\n%%EOF", is_refused=False)
    yield Hostile("PDF and zip", PDF + office("docx", {"x.html": PAYLOAD}), is_refused=False)
    yield Hostile("zip and script", office() + PAYLOAD, is_refused=False)


def _with_profile(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, kind, icc_profile=PAYLOAD + b"\0" * 60_000)
    return out.getvalue()


def _floods() -> Iterator[Hostile]:
    for width, height in (
        (65_535, 65_535),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (30_000, 30_000),
        (12_000, 10_001),
        (100_000, 2_000),
        (0, 5),
        (5, 0),
    ):
        yield Hostile(f"PNG of {width} x {height}", _png(width, height), is_refused=True)
    yield Hostile("PNG of 400 million white pixels", _png_full(20_000, 20_000), is_refused=True)
    jpeg, start = photograph("JPEG", 64, 48), photograph("JPEG", 64, 48).index(b"\xff\xc0") + 5
    for width, height in ((65_500, 65_500), (65_500, 2_000), (20_000, 20_000), (0, 0)):
        yield Hostile(f"JPEG of {width} x {height}", jpeg[:start] + struct.pack(">HH", height, width) + jpeg[start + 4 :], is_refused=True)
    place = HEIC.index(b"ispe") + 8
    for width, height in ((65_535, 65_535), (2**31 - 1, 2**31 - 1), (100_000, 100_000), (0, 0)):
        yield Hostile(f"HEIC of {width} x {height}", HEIC[:place] + struct.pack(">II", width, height) + HEIC[place + 8 :], is_refused=True)
    squeezed = zlib.compress(b"\0" * 30_000_000)
    for name in (b"zTXt", b"iCCP", b"iTXt"):
        yield Hostile(f"PNG with a bomb in {name!r}", _png(32, 32, [(name, b"a\0\0" + squeezed)]), is_refused=False)
    frames = [(b"acTL", struct.pack(">II", 2**31 - 1, 0))] + [
        (b"fcTL", struct.pack(">5I2H2B", n, 32, 32, 0, 0, 1, 1, 0, 0)) for n in range(500)
    ]
    yield Hostile("PNG of endless frames", _png(32, 32, frames), is_refused=False)


def _broken() -> Iterator[Hostile]:
    chance = random.Random(SEED)  # noqa: S311 - only to make the same files each time
    whole = {"JPEG": photograph("JPEG", 64, 48), "PNG": photograph("PNG", 64, 48), "HEIC": HEIC, "docx": office()}
    for kind in ("JPEG", "PNG", "HEIC"):
        for part in range(1, 9):
            yield Hostile(f"{kind} cut at {part}/9", whole[kind][: max(12, len(whole[kind]) * part // 9)], is_refused=True)
    for kind, content in whole.items():
        for number in range(26):
            changed = bytearray(content)
            for _ in range(chance.choice((1, 3, 20))):
                changed[chance.randrange(12, len(changed))] = chance.randrange(256)
            yield Hostile(f"{kind} spoilt {number}", bytes(changed), is_refused=False)


def _declaring(size: int) -> bytes:
    """One part that says in both places that it unpacks to `size` bytes."""
    content = bytearray(office())
    for start, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(start) + at
        content[place : place + 4] = struct.pack("<I", size)
    return bytes(content)


def _overlapping(count: int) -> bytes:
    """Many names for the same bytes, each with its own entry in the directory."""
    content = office("docx", {"word/more.xml": b"x" * 5_000})
    end, start, last = content.rindex(b"PK\x05\x06"), content.index(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")
    entry, entries = bytearray(content[last:end]), bytearray(content[start:end])
    for number in range(count):
        entry[46:50] = f"{number:04}".encode()
        entries += entry
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 3, count + 3, len(entries), start, 0)
    return content[:start] + bytes(entries) + tail


def _named(name: str) -> bytes:
    out = io.BytesIO(office())
    with zipfile.ZipFile(out, "a") as archive:
        part = zipfile.ZipInfo("x" * len(name))
        archive.writestr(part, "x")
    return out.getvalue().replace(b"x" * len(name) + b"PK", name.encode() + b"PK").replace(("x" * len(name)).encode(), name.encode())


def _with_link(target: str) -> bytes:
    out = io.BytesIO(office())
    with zipfile.ZipFile(out, "a") as archive:
        part = zipfile.ZipInfo("word/link")
        part.create_system, part.external_attr = 3, 0o120777 << 16
        archive.writestr(part, target)
    return out.getvalue()


def _twice(name: str) -> bytes:
    out = io.BytesIO(office("docx", {"x": "1"}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("y" * len(name), "other")
    return out.getvalue().replace(b"y" * len(name), name.encode())


def _encrypted(name: str) -> bytes:
    content = bytearray(office("docx", {"x": "1"}))
    place = content.index(b"PK\x01\x02")
    while bytes(content[place + 46 : place + 46 + len(name)]) != name.encode():
        place = content.index(b"PK\x01\x02", place + 4)
    content[place + 8] |= 1
    return bytes(content)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(width: int, height: int, more: list[tuple[bytes, bytes]] | None = None) -> bytes:
    """With the pixels of 32 x 32, whatever it says."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * 32) * 32)
    chunks: list[Any] = [(b"IHDR", head), *(more or []), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _png_full(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * height)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b"")))
