"""Office files are zips: what kind one is, and whether its directory is honest. Nothing is unpacked but the list of its parts."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

PARTS_LIMIT, DIRECTORY_LIMIT, UNPACKED_LIMIT, RATIO_LIMIT = 2_000, 1_000_000, 100_000_000, 100
_LIST_LIMIT = 1_000_000
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_END, _END_SIZE, _COMMENT_LIMIT = b"PK\x05\x06", 22, 65_535
_END64, _END64_SIZE, _LOCATOR, _LOCATOR_SIZE = b"PK\x06\x06", 56, b"PK\x06\x07", 20
_ONES16, _ONES32 = 0xFFFF, 0xFFFFFFFF
_LOCAL_SIZE = 30
_UTF8 = 0x800
_SMALL = 20_000_000
"""What unpacks to less may be packed as well as it can be: a white page is."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    b"wordprocessingml.document.main+xml": f"{_OFFICE}wordprocessingml.document",
    b"spreadsheetml.sheet.main+xml": f"{_OFFICE}spreadsheetml.sheet",
    b"presentationml.presentation.main+xml": f"{_OFFICE}presentationml.presentation",
}
OPEN_DOCUMENT = {f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")}
_MACRO_FILES = (".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm", ".potm")
_RUNS = ("vbaproject.bin", "/macrosheets/", "/activex/", "/basic/", "/scripts/")


class Dishonest(ValueError):
    """Not a zip that says what it holds."""


class Runs(ValueError):
    """It holds macros."""


class TooLarge(Dishonest):
    """It would unpack to more than 100 MB, or holds more than 2,000 parts."""


def kind_of(file: BinaryIO) -> str | None:
    """The media type of an office file; None for any other zip. `Dishonest` where it is a trap, `Runs` where it holds macros."""
    with honest(file) as archive:
        names = {part.filename: part for part in archive.infolist()}
        if any(run in f"/{name}".lower() for name in names for run in _RUNS) or any(name.lower().endswith(_MACRO_FILES) for name in names):
            raise Runs
        mimetype = _text(archive, names.get("mimetype")).decode("ascii", "replace")
        listed = _text(archive, names.get("[Content_Types].xml"))
        manifest = _text(archive, names.get("META-INF/manifest.xml"))
    if b"&#" in listed or b"encryption-data" in manifest:
        raise Dishonest
    if b"macroEnabled" in listed or b"vbaProject" in listed:
        raise Runs
    return mimetype if mimetype in OPEN_DOCUMENT else next((kind for main, kind in _MAIN.items() if main in listed), None)


@contextmanager
def honest(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The zip, opened; `Dishonest` unless it is what its directory says, also where reading a part shows it."""
    _check_end(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive.infolist(), archive.start_dir)
            yield archive
    except (Dishonest, Runs):
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
        raise Dishonest from None


def _check_end(file: BinaryIO) -> None:
    """How long the directory says that it is, in the old form and in that of 64 bits, before it is read."""
    size = file.seek(0, 2)
    start = max(0, size - _END_SIZE - _COMMENT_LIMIT - _END64_SIZE - _LOCATOR_SIZE)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise Dishonest
    _, _, _, _, parts, directory, _, _ = struct.unpack("<4s4H2LH", tail[at : at + _END_SIZE])
    found = [(0 if parts == _ONES16 else parts, 0 if directory == _ONES32 else directory)]
    if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR):
        (offset,) = struct.unpack("<Q", tail[at - 12 : at - 4])
        found += [_end64(file, place) for place in (offset, start + at - _LOCATOR_SIZE - _END64_SIZE) if 0 <= place <= size]
    if any(many > PARTS_LIMIT or long > DIRECTORY_LIMIT for many, long in found):
        raise TooLarge


def _end64(file: BinaryIO, place: int) -> tuple[int, int]:
    """What a record of 64 bits says, where there is one: readers differ in where they look for it."""
    file.seek(place)
    record = file.read(_END64_SIZE)
    if not record.startswith(_END64) or len(record) < _END64_SIZE:
        return 0, 0
    many, long = struct.unpack("<2Q", record[32:48])
    return many, long


def _check(parts: Sequence[zipfile.ZipInfo], directory_at: int) -> None:
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > PARTS_LIMIT or unpacked > UNPACKED_LIMIT:
        raise TooLarge
    if unpacked > max(_SMALL, RATIO_LIMIT * packed):
        raise Dishonest
    if len({part.filename for part in parts}) != len(parts) or any(_is_odd(part) for part in parts):
        raise Dishonest
    free = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < free:
            raise Dishonest
        free = (
            part.header_offset
            + _LOCAL_SIZE
            + len(part.orig_filename.encode("utf-8" if part.flag_bits & _UTF8 else "cp437"))
            + part.compress_size
        )
    if free > directory_at:
        raise Dishonest


def _is_odd(part: zipfile.ZipInfo) -> bool:
    """A name that leads elsewhere, a link, a part that is encrypted, or one packed as no office program does: others know no bound."""
    name = part.orig_filename
    leads_away = name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name or "\0" in name
    return leads_away or stat.S_ISLNK(part.external_attr >> 16) or bool(part.flag_bits & 1) or part.compress_type not in _PACKED


def _text(archive: zipfile.ZipFile, part: zipfile.ZipInfo | None) -> bytes:
    if part is None or part.file_size > _LIST_LIMIT:
        return b""
    with archive.open(part) as opened:
        return opened.read(_LIST_LIMIT)
