"""Real samples beside the checkout, where there are any: tests read them there and copy nothing.

Where there are none, tests/conftest.py leaves their tests out of the collection: nobody is told of files that only
some have.
"""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.samples
