"""`python -m sharing.sandbox`: the same options as `sharedesk sandbox`."""

from __future__ import annotations

import argparse
import sys

from sharing.sandbox import main


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sharing.sandbox", description="The fake platforms alone."
    )
    parser.add_argument("--port", type=int, default=0, help="HTTP port, 0 = a free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="SMTP port, 0 = a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--faults", metavar="SPEC", help="e.g. 'facebook:reset_after_commit=5%%;*:latency=20ms'"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--loud", action="store_true", help="tell each request on stderr")
    return parser.parse_args()


if __name__ == "__main__":
    given = _options()
    sys.exit(main(given.port, given.smtp_port, given.faults, given.seed, given.host, loud=given.loud))
