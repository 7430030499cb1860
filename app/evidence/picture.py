"""Make a photograph fit to be kept, in a process of its own. Imports nothing of ours.

`picture.py SOURCE CLEAN THUMBNAIL` writes the picture anew without what a phone adds (place, serial numbers, comments), and a small one
beside it. What stays: the pixels, the colour profile, which side is up, and when it was taken. It prints the media type. A JPEG keeps its
own quantisation; HEIC, which few programs show, becomes JPEG.
"""

import io
import re
import sys

PIXELS = 120_000_000
TOO_LARGE = 3
"""The exit status for more pixels; any other but 0 is a picture that cannot be read."""
THUMBNAIL = 480
QUALITY = 92
_PROFILE_LIMIT = 4_000_000
_LARGE = 8_000_000
"""A large PNG is packed faster, and somewhat less."""
_ORIENTATION, _CAMERA, _TAKEN = 0x0112, 0x8769, 0x9003


def main(source: str, clean: str, thumbnail: str) -> None:
    import pi_heif  # noqa: PLC0415 - under the limits
    from PIL import Image  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # looked at here
    pi_heif.register_heif_opener()
    with Image.open(source, formats=("JPEG", "PNG", "HEIF")) as picture:
        if picture.width * picture.height > PIXELS:
            sys.exit(TOO_LARGE)
        kind = "PNG" if picture.format == "PNG" else "JPEG"
        _save(picture, kind, clean)
        _save_small(picture, thumbnail)
    print(f"image/{kind.lower()}")  # noqa: T201


def _save(picture, kind: str, place: str) -> None:  # type: ignore[no-untyped-def]
    options: dict = {"icc_profile": _profile(picture.info.get("icc_profile")), "exif": _kept(picture)}  # type: ignore[type-arg]
    if kind == "JPEG":
        options |= {"comment": b"", **({"quality": "keep"} if picture.format == "JPEG" else {"quality": QUALITY})}
        picture = picture if picture.format == "JPEG" else picture.convert("RGB")
    elif picture.width * picture.height > _LARGE:
        options["compress_level"] = 3
    picture.info = {name: value for name, value in picture.info.items() if name in {"transparency", "dpi"}}
    picture.save(place, kind, **options)


def _profile(said: bytes | None) -> bytes | None:
    """A colour profile that is one."""
    from PIL import ImageCms  # noqa: PLC0415

    if not said or len(said) > _PROFILE_LIMIT:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(said)).tobytes()
    except (OSError, ValueError):
        return None


def _kept(picture) -> bytes:  # type: ignore[no-untyped-def]
    from PIL import Image  # noqa: PLC0415

    found, kept = picture.getexif(), Image.Exif()
    if found.get(_ORIENTATION) in range(1, 9):
        kept[_ORIENTATION] = found[_ORIENTATION]
    taken = found.get_ifd(_CAMERA).get(_TAKEN)
    if isinstance(taken, str) and re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", taken, re.ASCII):
        kept.get_ifd(_CAMERA)[_TAKEN] = taken
    return kept.tobytes()


def _save_small(picture, place: str) -> None:  # type: ignore[no-untyped-def]
    from PIL import Image, ImageOps  # noqa: PLC0415

    picture = picture.copy()  # of several images in one file the others are loaded anew
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    small = ImageOps.exif_transpose(picture).convert("RGBA")
    flat = Image.new("RGB", small.size, "white")
    flat.paste(small, mask=small)
    flat.save(place, "JPEG", quality=80)


if __name__ == "__main__":
    main(*sys.argv[1:4])
