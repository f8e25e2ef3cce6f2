"""Pictures: told by their bytes, measured in their heads, never decoded."""

import struct
import subprocess
import sys
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.refusal import Refusal
from sharing.net import pictures
from sharing.net.addresses import Allowed
from sharing.net.pictures import fetch_picture, read_picture
from tests.costs import at_most
from tests.net.picture_makers import MAKERS, REAL, avif, gif, jpeg, png, webp
from tests.net.servers import page, says, server


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("size", [(1, 1), (1200, 630), (2000, 1000)])
def test_its_kind_and_size_are_read(kind, size):
    found = read_picture(MAKERS[kind](*size))
    assert (found.kind, (found.width, found.height)) == (kind, size)


@pytest.mark.parametrize("kind", REAL)
def test_a_real_picture_is_read_and_kept_as_it_came(kind):
    body = REAL[kind](640, 360)
    found = read_picture(body)
    assert (found.kind, found.width, found.height, found.body) == (kind, 640, 360, body)


@pytest.mark.parametrize("form", [b"VP8L", b"VP8 "])
def test_the_forms_of_webp(form):
    found = read_picture(webp(800, 600, form))
    assert (found.width, found.height) == (800, 600)


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.9, 0.999])
def test_a_picture_that_was_cut_off_is_read_by_its_head_or_refused(kind, part):
    body = REAL[kind](640, 360)
    with suppress(Refusal):
        found = read_picture(body[: int(len(body) * part)])
        assert (found.width, found.height) == (640, 360)


@pytest.mark.parametrize(
    "body",
    [
        png(65_000, 65_000), jpeg(65_000, 65_000), gif(65_000, 65_000), webp(16_000, 16_000, b"VP8X"),
        avif(16_000, 16_000), png(40_001, 1000), jpeg(8000, 5001), gif(8000, 5001), avif(10_000, 8001),
    ],
)  # fmt: skip
def test_a_flood_of_pixels_is_refused(body):
    with pytest.raises(Refusal, match=r"picture\.too_large"):
        read_picture(body)


def test_a_picture_of_just_as_many_pixels_as_may_be_is_taken():
    assert read_picture(jpeg(8000, 5000)).width == 8000


def test_no_pixel_is_decoded(monkeypatch):
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    for maker in REAL.values():
        read_picture(maker(64, 64))


def test_pillow_is_imported_when_the_first_picture_comes():
    code = (
        "import sys; from sharing.net import pictures; assert 'PIL' not in sys.modules;"
        f"pictures.read_picture({png(9, 9)!r}); assert 'PIL' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    "body",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><!DOCTYPE svg SYSTEM 'file:///etc/passwd'><svg/>",
        b"<html><img></html>",
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\0\0\0\0WEBPVP8?" + b"\0" * 40,
        b"BM" + b"\0" * 60,
        png(0, 10),
        gif(0, 0),
        b"\0\0\0\x1cftypavif" + b"\0" * 40,
        b"\xff\xd8\xff\xd9",
        b"\0\0\0\x1cftypavif" + b"\xff" * 400,
        b"\0\0\0\x1cftypmif1" + b"\0\0\0\x08free" * 400,
    ],
)
def test_what_is_no_picture_is_refused(body):
    with pytest.raises(Refusal, match=r"picture\.unknown"):
        read_picture(body)


def test_a_page_in_the_clothes_of_a_picture_is_a_picture_and_no_page():
    found = read_picture(gif(10, 10) + b"<html><script>alert(1)</script>")
    assert found.kind == "image/gif"


@given(st.sampled_from([maker(20, 10)[:12] for maker in MAKERS.values()]), st.binary(max_size=400))
def test_no_bytes_break_the_reading(start, rest):
    with suppress(Refusal):
        assert read_picture(start + rest).width > 0


def test_a_jpeg_of_nothing_but_markers_costs_little():
    with at_most(2), pytest.raises(Refusal):
        read_picture(b"\xff\xd8" + b"\xff" * 8_000_000)
    with at_most(2), pytest.raises(Refusal):
        read_picture(b"\xff\xd8\xff\xe0" + b"\0\x02\xff\xe0" * 2_000_000)
    with at_most(2), pytest.raises(Refusal):
        read_picture(b"\xff\xd8\xff\xe1\0\x08Exif\0\0" + b"\xff\xe1\0\x08Exif\0\0" * 800_000)


def test_a_gif_of_nothing_but_comments_costs_little():
    with at_most(2), pytest.raises(Refusal):
        read_picture(gif(10, 10)[:13] + b"\x21\xfe\1a\0" * 1_600_000)


def test_texts_that_swell_in_a_png_are_not_swollen():
    packed = zlib.compress(b"a" * 100_000_000)
    chunk = struct.pack(">I", len(packed) + 3) + b"zTXtk\0\0" + packed
    chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
    with at_most(2), pytest.raises(Refusal, match=r"picture\.unknown"):
        read_picture(png(10, 10)[:33] + chunk + png(10, 10)[33:])


def test_it_is_fetched_by_the_guarded_fetcher():
    allowed = Allowed.read(["127.0.0.1"])
    with server(says(page(png(1200, 630), "Content-Type: text/html"))) as (port, requests):
        found = fetch_picture(f"http://127.0.0.1:{port}/p", allowed=allowed)
        assert (found.kind, found.width) == ("image/png", 1200)
        assert b"image/jpeg" in requests[0]
        with pytest.raises(Refusal, match=r"fetch\.address_refused"):
            fetch_picture(f"http://127.0.0.1:{port}/p", allowed=Allowed())
    with (
        server(says(page(b"gone", status="404 Not Found"))) as (port, _),
        pytest.raises(Refusal, match=r"page\."),
    ):
        fetch_picture(f"http://127.0.0.1:{port}/p", allowed=allowed)
    large = png(10, 10) + b"\0" * pictures.LIMIT
    with server(says(page(large))) as (port, _), pytest.raises(Refusal, match=r"fetch\.too_big"):
        fetch_picture(f"http://127.0.0.1:{port}/p", allowed=allowed)
