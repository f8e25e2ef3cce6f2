"""Real samples beside the checkout, where there are any: tests read them there and copy nothing."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the real samples (../shared) are not on this machine"
)
