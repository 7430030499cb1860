"""Files as units send them: photographs as phones make them, office files as programs save them."""

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7 minh chung"
HEIC = (Path(__file__).parent / "data" / "photograph.heic").read_bytes()
"""4032 x 3024, a grey gradient with a place and a time in its EXIF and a place in its XMP; made with pillow-heif 1.8."""
TWO_HEIC = (Path(__file__).parent / "data" / "two-photographs.heic").read_bytes()
"""1024 x 768 and a second image of 640 x 480 in one file, as phones keep bursts; made alike."""
TAKEN = "2022:06:01 08:00:00"
_CONTENT = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "docx": ("word/document.xml", f"{_CONTENT}wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", f"{_CONTENT}spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", f"{_CONTENT}presentationml.presentation"),
}


@cache
def photograph(kind: str = "JPEG", width: int = 400, height: int = 300, side_up: int = 6) -> bytes:
    """With a place, a maker and a time in its EXIF, a comment, and a place in its XMP."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = side_up, "PhoneMaker"
    exif.get_ifd(0x8769)[0x9003] = TAKEN
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (21.0, 2.0, 3.0), "E", (105.0, 47.0, 4.0)
    out = io.BytesIO()
    more: dict[str, Any] = {"comment": b"GPSComment", "xmp": b"<x:xmpmeta>GPSLatitude</x:xmpmeta>"} if kind == "JPEG" else {}
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue()


def packed(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(kind: str = "docx", more: dict[str, bytes | str] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    place, media_type = KINDS[kind]
    listed = f'<Types><Override PartName="/{place}" ContentType="{media_type}.main+xml"/></Types>'
    return packed({"[Content_Types].xml": listed, place: "<xml>Báo cáo</xml>", **(more or {})}, method)


def open_document(kind: str = "text") -> bytes:
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<xml/>"})
