"""Tokens: 256 random bits, a prefix that names what it opens, a checksum that catches a slip of the hand."""

import hashlib
import secrets
import zlib
from datetime import timedelta
from enum import StrEnum


class TokenKind(StrEnum):
    API_KEY = "k"
    SESSION = "s"
    DEVICE = "d"
    LINK = "l"


LIFETIMES = {
    TokenKind.SESSION: timedelta(hours=12),
    TokenKind.DEVICE: timedelta(days=60),
    TokenKind.LINK: timedelta(hours=24),
}
KEY_LIFETIME_LIMIT = timedelta(days=731)


def new_token(kind: TokenKind) -> str:
    body = f"td{kind.value}_{secrets.token_urlsafe(32)}"
    return body + _checksum(body)


def kind_of(token: str) -> TokenKind | None:
    """The kind of a well-formed token; None for anything else, which then costs no look-up."""
    if len(token) != _LENGTH or not token.isascii() or _checksum(token[:-8]) != token[-8:]:
        return None
    prefix = token.partition("_")[0]
    return next((kind for kind in TokenKind if prefix == f"td{kind.value}"), None)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


_LENGTH = len("tdk_") + 43 + 8
