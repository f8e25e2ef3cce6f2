"""One run of one scenario on one database, in a process of its own; prints its account as JSON."""

import argparse
import json
import sys
import time

from tests.faults import accounting, chaos, scenarios
from tests.faults.world import World, wait_for


def run(scenario, *, database, seed, mutants=(), patience=60.0):
    """Everything, to the end. Returns the account and what was done, ready for JSON."""
    began = time.monotonic()
    world = World(
        database=database,
        faults=scenario.faults,
        seed=seed,
        workers=scenario.workers,
        concurrency=scenario.concurrency,
        spec={"mutants": list(mutants)},
        **scenario.env,
    )
    tally = chaos.Tally()
    try:
        world.start()
        from tests.faults import traffic
        from tests.given import a_desk

        desk = a_desk("newsroom")
        accounts = traffic.make_accounts(desk, scenario.accounts)
        intake = traffic.Intake(desk, accounts, number=scenario.shares, pause=scenario.pause)
        mender = traffic.Mender()
        troubles = [kind(world, tally, every=every, seed=seed) for kind, every in scenario.troubles.items()]
        troubles.append(chaos.Supervise(world, tally, every=0.5, seed=seed))
        started = time.monotonic()
        for each in (intake, mender, *troubles):
            each.start()
        wait_for(lambda: intake.done, 600)
        wait_for(lambda: all_decided() and time.monotonic() - started >= scenario.at_least, 600, every=0.5)
        for each in troubles[:-1]:
            each.stop()
        world.set_faults("")
        decided = wait_for(all_decided, patience, every=0.3)
        for each in (troubles[-1], mender):
            each.stop()
        time.sleep(1.5)  # what a platform puts out late has had its time
        account = accounting.take(set(intake.acknowledged.values()), world.truth())
        facts = {
            "scenario": scenario.name,
            "database": database,
            "seed": seed,
            "mutants": list(mutants),
            "seconds": round(time.monotonic() - began, 1),
            "decided": bool(decided),
            "clean": account.clean,
            "accepted_in_max": round(max(intake.seconds, default=0), 2),
            "mended": mender.mended,
            **account.row(),
            **{f"did_{name}": value for name, value in vars(tally).items()},
        }
        facts["did_notes"] = sorted(set(facts["did_notes"]))
        if not account.clean:
            facts["log"] = world.log.read_text()[-4000:]
    finally:
        world.end()
    return facts


def all_decided():
    """Whether nothing moves by itself any more."""
    from django.db import DatabaseError, connection

    from sharing import models

    try:
        moving = models.Delivery.objects.exclude(state__in=accounting.DECIDED - {"held"})
        return not moving.exclude(state="held", account__health="ok").exists()
    except DatabaseError:
        connection.close()
        return False


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", choices=sorted(scenarios.BY_NAME))
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "pg"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=float, default=1.0)
    parser.add_argument("--mutant", action="append", default=[])
    given = parser.parse_args(arguments)
    scenario = scenarios.BY_NAME[given.scenario]
    if given.part != 1.0:
        scenario = scenario.scaled(given.part)
    facts = run(scenario, database=given.database, seed=given.seed, mutants=given.mutant)
    print(json.dumps(facts))
    return 0 if facts["clean"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
