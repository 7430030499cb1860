from app.wire import Out


class EvidenceFileOut(Out):
    """Alike whether or not the bytes were held before."""

    file: str
    size: int
    media_type: str
