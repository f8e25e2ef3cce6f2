"""The channel of docs/adding-a-channel.md as a distribution of its own, installed in a folder."""

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-channel.md"


def install(folder):
    """Write modules and metadata as an installer does; with `folder` on the path, the package is installed."""
    text = GUIDE.read_text(encoding="utf-8")
    channel, platform, _test = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (project,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    metadata = folder / "sharedesk_band-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "band.py").write_text(channel, encoding="utf-8")
    (folder / "band_platform.py").write_text(platform, encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: sharedesk-band\nVersion: 1.0\n")
    groups = re.sub(r'\[project\.entry-points\."(.+?)"\]', r"[\1]", project).replace('"', "")
    (metadata / "entry_points.txt").write_text(groups)
    return folder
