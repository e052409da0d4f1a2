"""Logos: a picture file of an organization, made into one that no reader can be harmed by."""

from __future__ import annotations

import io
import warnings
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pipeline.organisations.model import Logo

LARGEST_FILE = 2_000_000
LARGEST_SIDE = 6_000
SMALLEST_SIDE = 48
# What a print needs: 60 mm at 300 dots per inch.
_KEPT_SIDE = 700
_BOX_MM = (60.0, 25.0)
# Fewer dots per inch than these look coarse; a small picture stays small.
_DOTS_PER_INCH = 100
_FORMATS = ("PNG", "JPEG")


class LogoError(Exception):
    """A logo cannot be used; the message is for the one who named it."""


def load_logo(folder: Path, name: str) -> Logo:
    """Return the logo in the file `name` below `folder`. Raises `LogoError`.

    The picture is decoded and written anew, on white and without what the file carried beside it.
    """
    path = (folder / name).resolve()
    if PurePosixPath(name).is_absolute() or "\\" in name or not path.is_relative_to(folder.resolve()):
        raise LogoError(f"“{name}” must lie in the folder of the table, or below it")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise LogoError(f"“{name}” is no file")
        if size > LARGEST_FILE:
            raise LogoError(
                f"“{name}” has {size / 1e6:.1f} MB; the largest is {LARGEST_FILE // 1_000_000} MB"
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LogoError(f"“{name}” cannot be read: {reason}") from error
    return _decoded(data, name)


@lru_cache(maxsize=64)
def _decoded(data: bytes, name: str) -> Logo:
    from PIL import Image, ImageFile, UnidentifiedImageError  # noqa: PLC0415

    # Whoever lays pages out lets half a picture pass, for all that runs in this process.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that would fill the memory is only warned of
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            if max(picture.size) > LARGEST_SIDE or min(picture.size) < SMALLEST_SIDE:
                width, height = picture.size
                raise LogoError(
                    f"“{name}” is {width} × {height} dots; a side may have {SMALLEST_SIDE} to {LARGEST_SIDE}"
                )
            opaque = picture.convert("RGBA")
    except UnidentifiedImageError as error:
        raise LogoError(f"“{name}” is neither PNG nor JPEG, whatever its name says") from error
    except (OSError, ValueError, SyntaxError, Warning) as error:
        raise LogoError(f"“{name}” is damaged: {error}") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    paper = Image.new("RGBA", opaque.size, "white")
    paper.alpha_composite(opaque)
    flat = paper.convert("RGB")
    flat.thumbnail((_KEPT_SIDE, _KEPT_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    wide, high = (side / _DOTS_PER_INCH * 25.4 for side in flat.size)
    scale = min(1.0, _BOX_MM[0] / wide, _BOX_MM[1] / high)
    return Logo(out.getvalue(), round(wide * scale, 1), round(high * scale, 1))
