"""`sharedesk …` with every thread profiled: `python -m bench.engine.profiled worker …` with BENCH_PROFILE=folder."""

import cProfile
import os
import signal
import sys
import threading
from pathlib import Path


def main():
    profiles = []
    lock = threading.Lock()
    run = threading.Thread.run

    def profiled(self):
        profile = cProfile.Profile()
        with lock:
            profiles.append(profile)
        profile.enable()
        try:
            run(self)
        finally:
            profile.disable()

    threading.Thread.run = profiled

    def dump(*_):
        import pstats

        stats = None
        for profile in profiles:
            profile.create_stats()
            if profile.stats:
                stats = stats.add(profile) if stats else pstats.Stats(profile)
        if stats:
            stats.dump_stats(Path(os.environ["BENCH_PROFILE"]) / f"{os.getpid()}.pstats")

    signal.signal(signal.SIGUSR1, dump)
    from config.cli import main as sharedesk

    sys.argv[0] = "sharedesk"
    sharedesk()


if __name__ == "__main__":
    main()
