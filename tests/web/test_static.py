"""What the browser is given: small, our own or licensed, one place for each colour."""

import gzip
import re

from tests.web.messages import ROOT

STATIC = ROOT / "sharing" / "static"
TEMPLATES = sorted((ROOT / "sharing" / "templates").rglob("*.html"))
CSS = (STATIC / "sharedesk.css").read_text(encoding="utf-8")
SHEET = (STATIC / "glyphs.svg").read_text(encoding="utf-8")


def test_the_desks_one_script_is_under_8_kb():
    assert len((STATIC / "desk.js").read_bytes()) < 8192


def test_the_first_view_is_light():
    parts = ["sharedesk.css", "glyphs.svg", "desk.js", "vendor/htmx/htmx.min.js"]
    assert sum(len(gzip.compress((STATIC / part).read_bytes())) for part in parts) < 45_000


def test_what_is_not_ours_says_its_version_and_licence():
    for vendored in (STATIC / "vendor").iterdir():
        assert (vendored / "LICENSE").exists()
        assert re.search(r"\d+\.\d+\.\d+", (vendored / "VERSION").read_text(encoding="utf-8"))


def test_nothing_below_the_tokens_names_a_colour_or_a_time():
    declarations = re.findall(r"\{([^{}]*)\}", CSS[CSS.index('[data-role="wait"]') :])
    assert len(declarations) > 200
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|\b\d+ms\b|\b\d+s\b", " ".join(declarations)) == []


def test_every_token_is_used_and_every_one_used_is_defined():
    defined = set(re.findall(r"^\s*(--[\w-]+):", CSS, re.MULTILINE)) | set(
        re.findall(r"[;{]\s*(--[\w-]+):", CSS)
    )
    used = set(re.findall(r"var\((--[\w-]+)", CSS + SHEET))
    assert used <= defined
    assert defined - used <= {"--d-3", "--s-5", "--s-12", "--s-24", "--sh-pop", "--r-1", "--move"}


def test_every_glyph_that_is_shown_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', SHEET))
    shown = {
        name
        for file in TEMPLATES
        for name in re.findall(r'\{% icon "([\w-]+)"', file.read_text(encoding="utf-8"))
    }
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "sharing" / "web").rglob("*.py"))
    shown |= set(re.findall(r'(?:Look|Note)\("([\w-]+)"', code)) | {"ring", "g-k", "g-m", "g-l"}
    assert shown <= drawn


def test_only_two_weights_and_no_slanted_hangul():
    assert set(re.findall(r"font-weight:\s*(\w+)", CSS)) <= {"400", "600"}
    assert "italic" not in CSS


def test_no_file_calls_for_another_host():
    for file in (*TEMPLATES, STATIC / "desk.js", STATIC / "kakao-share.js", STATIC / "sharedesk.css"):
        outside = re.findall(r"(?:https?:)?//[\w-]+\.[a-z]{2,}", file.read_text(encoding="utf-8"))
        assert outside == [], file


def luminance(colour):
    values = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read_in_both_themes():
    """WCAG 2: 4.5 for text on every surface that it stands on, 3 for the edge of a control."""
    pairs = dict(re.findall(r"(--[\w-]+): light-dark\((#\w+, #\w+)\)", CSS))

    def of(token, theme):
        colour = pairs[token].split(", ")[theme].lstrip("#")
        return "".join(c * 2 for c in colour) if len(colour) == 3 else colour

    for theme in (0, 1):
        for surface in ("--bg", "--sunk", "--press"):
            for text in ("--ink", "--ink-2", "--ink-3", "--link"):
                assert contrast(of(text, theme), of(surface, theme)) >= 4.5, (text, surface, theme)
            assert contrast(of("--edge", theme), of(surface, theme)) >= 3, (surface, theme)
        for role in ("--wait", "--move", "--out", "--unsure", "--turn", "--stop"):
            for surface in ("--bg", "--sunk", f"{role}-t"):
                assert contrast(of(role, theme), of(surface, theme)) >= 4.5, (role, surface, theme)
            assert contrast(of("--ink", theme), of(f"{role}-t", theme)) >= 7, role
