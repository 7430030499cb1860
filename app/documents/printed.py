"""The same papers as PDF, and certificates onto printed stock. Typst sets the type; its own font has every Vietnamese letter."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import typst

from app.documents.papers import Paper, Say, recipients_of

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""A file says nothing of when it was made: the same paper gives the same bytes."""


def printed(paper: Paper, say: Say) -> bytes:
    told = asdict(paper) | {
        "synthetic": say("synthetic"),
        "remark": paper.remark or say("draft"),
        "number": paper.number or say("number"),
        "place_and_date": paper.place_and_date or say("place-and-date"),
        "nation": say("nation"),
        "motto": say("motto"),
        "signers": [list(lines) for lines in paper.signers] or [[say("signatory")]],
        "recipients_title": say("recipients"),
        "recipients": recipients_of(paper, say),
    }
    return _set("paper.typ", paper=told)


def certificates(size: tuple[int, int], fields: Sequence[Mapping[str, Any]], pages: Sequence[Mapping[str, str]], **said: Any) -> bytes:
    """One page of `size` (millimetres) for each of `pages`, its texts at the places of `fields`."""
    return _set("certificates.typ", sheet={"width": size[0], "height": size[1], "fields": fields, "pages": pages, **said})


def _set(template: str, **data: Any) -> bytes:
    source = files("app.documents").joinpath("typst", template).read_bytes()
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in data.items()}
    made: bytes = typst.compile(source, format="pdf", sys_inputs=inputs, timestamp=_EPOCH)
    return made
