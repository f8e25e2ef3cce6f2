"""Forks workers from a process that has imported everything, so that a killed one is back in a moment.

Reads lines of JSON from its standard input: {"concurrency": 8, "lane": null, "clock": 0.0}; answers each with the
child's process id. Its workers end with it.
"""

import ctypes
import json
import os
import signal
import sys


def main() -> None:
    from config.cli.asking import start_django

    start_django()
    import sharing.channels.registry
    from tests.faults import plugin

    sharing.channels.registry.channels()
    plugin.load(json.loads(os.environ["FAULTS_PLUGIN"]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    libc = ctypes.CDLL(None)
    for line in sys.stdin:
        requested = json.loads(line)
        pid = os.fork()
        if pid == 0:
            libc.prctl(1, signal.SIGKILL, 0, 0, 0)
            _work(requested)
        print(pid, flush=True)


def _work(requested: dict) -> None:
    from tests.clocks import wrong_by
    from tests.faults import plugin

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # the other end reads process ids there
    status = 1
    try:
        plugin.become_a_worker()
        from workers.run import run

        with wrong_by(seconds=requested["clock"]):
            run(concurrency=requested["concurrency"], breaking_only=requested["lane"] == "breaking")
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
