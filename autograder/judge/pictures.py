"""Pictures of students': let through what is one, and small enough for a browser to unpack."""

from __future__ import annotations

import base64
import binascii
import struct
import warnings
from io import BytesIO

MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MAX_BYTES = 4 << 20
SCAN, MAX_SCANS = b"\xff\xda", 100  # each of a photograph's paints all of it anew: real ones have about ten
MAX_SIDE, MAX_PIXELS = 10_000, 32_000_000  # of a few kilobytes a browser can be made to unpack gigabytes


def checked_picture(value: object, mime: str, most: int = MAX_BYTES) -> str:
    """Return a picture in canonical base64 if it is what it says, and of a sane size, else nothing."""
    if type(value) is not str or len(value) > 2 * most or mime not in MAGIC:
        return ""
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not raw.startswith(MAGIC[mime]) or len(raw) > most:
        return ""
    width, height = _png_size(raw) if mime == "image/png" else _jpeg_size(raw)
    sane = 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS
    return base64.b64encode(raw).decode() if sane else ""


def _png_size(raw: bytes) -> tuple[int, int]:
    """Return the width and height that the first chunk of a PNG claims, zeros if there is none."""
    if len(raw) < 33 or raw[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack("!II", raw[16:24])
    return width, height


def _jpeg_size(raw: bytes) -> tuple[int, int]:
    """Return the width and height that the header of a JPEG claims, zeros if it has none or endless scans."""
    if raw.count(SCAN) > MAX_SCANS:
        return 0, 0
    from PIL import Image  # only where there is a photograph

    try:
        with warnings.catch_warnings(action="error"), Image.open(BytesIO(raw), formats=["JPEG"]) as photo:
            return photo.size  # nothing is unpacked for it
    except Exception:  # whatever Pillow makes of a damaged or monstrous file
        return 0, 0
