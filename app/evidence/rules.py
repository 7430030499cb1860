"""Evidence files: which kinds are taken, told from their first bytes and not from their names; what may not enter at all."""

from enum import StrEnum

from app.evidence.archive import OPEN_DOCUMENT

ZIP, HEIC = "application/zip", "image/heic"
SNIFFED = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"PK\x03\x04": ZIP,
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
SUFFIXES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
    **{kind: f".od{kind.rsplit('.', 1)[1][0]}" for kind in sorted(OPEN_DOCUMENT)},
    ZIP: ".zip",
}
"""What is served, as an attachment that nobody opens here. A bare zip is no longer taken."""


class Secrecy(StrEnum):
    """The levels of the Law on the Protection of State Secrets 2018, article 8. Only what bears none may be uploaded."""

    NONE = "none"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105 - a level, not a password
    TOP_SECRET = "top_secret"  # noqa: S105


def sniffed(head: bytes) -> str | None:
    """From the first 12 bytes; None for a kind that is not taken."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return next((kind for start, kind in SNIFFED.items() if head.startswith(start)), None)


def is_picture(media_type: str) -> bool:
    return media_type.startswith("image/")
