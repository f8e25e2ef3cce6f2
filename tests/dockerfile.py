"""The Dockerfile's own steps, in an empty folder, without an engine: does what it copies suffice to run?

`python -m tests.dockerfile`. It copies exactly what .dockerignore lets through, installs the run set alone, and
asks the command for its help and its sandbox for a first answer.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    wanted = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name in wanted:
        assert name.split("/")[0] in dockerfile, f"{name} is let through, but never copied"
    assert "\nUSER 10001" in dockerfile, "the image must not run as root"
    with tempfile.TemporaryDirectory(prefix="sharedesk-image-") as folder:
        place = Path(folder)
        for name in wanted:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            ignore = shutil.ignore_patterns("__pycache__")
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=ignore)
            else:
                shutil.copy(ROOT / name, target)
        subprocess.run([sys.executable, "-m", "venv", ".venv"], cwd=place, check=True)
        uv = [str(ROOT / ".venv/bin/uv"), "pip", "install", "--quiet", "--python", ".venv/bin/python"]
        subprocess.run([*uv, "--require-hashes", "-r", "requirements/run.txt"], cwd=place, check=True)
        subprocess.run(
            [*uv, "--no-deps", "--no-build-isolation", "--offline", "-e", "."], cwd=place, check=True
        )
        for command in (["--version"], ["--help"], ["compose", "--help"]):
            subprocess.run(
                [".venv/bin/sharedesk", *command], cwd=place, check=True, stdout=subprocess.DEVNULL
            )
        for command in ("demo", "up", "sandbox"):
            refused = subprocess.run(
                [".venv/bin/sharedesk", command], cwd=place, capture_output=True, text=True
            )
            assert refused.returncode == 2, f"{command} must refuse to start without the extra `practice`"
            assert refused.stderr.count("\n") == 1
            assert "sharedesk[practice]" in refused.stderr
        secrets = subprocess.run([".venv/bin/sharedesk", "web"], cwd=place, capture_output=True, text=True)
        assert secrets.returncode == 2, "web must refuse to start without its secrets"
        assert "SECRET_KEY" in secrets.stderr
    print("the image's steps work, and it refuses to start without its secrets")


if __name__ == "__main__":
    main()
