"""Evidence files: which kinds are taken, told from their first bytes and not from their names."""

SNIFFED = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"PK\x03\x04": "application/zip",
}
"""Word and Excel files are zips; they are served as attachments and opened by nobody here."""
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "application/zip": ".zip"}


def media_type(head: bytes) -> str | None:
    """None for a kind that is not taken."""
    return next((kind for start, kind in SNIFFED.items() if head.startswith(start)), None)
