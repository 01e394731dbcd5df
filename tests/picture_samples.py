"""Pictures that claim a size, whatever they hold."""

from __future__ import annotations

import base64
import io
import struct
import zlib

from PIL import Image


def png(width: int = 2, height: int = 2, tail: bytes = b"") -> str:
    """Return a PNG that claims this size, in base64."""
    header = b"IHDR" + struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack("!I", 13) + header + struct.pack("!I", zlib.crc32(header))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunk + tail).decode()


def jpeg(width: int = 2, height: int = 2, scans: int = 0) -> str:
    """Return a JPEG that claims this size, in base64, with so many more scans that paint nothing new."""
    file = io.BytesIO()
    Image.new("L", (2, 2)).save(file, "JPEG")
    raw = bytearray(file.getvalue())
    size = raw.index(b"\xff\xc0") + 5
    raw[size : size + 4] = struct.pack("!HH", height, width)
    raw[-2:-2] = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * scans  # before the marker of the end
    return base64.b64encode(raw).decode()
