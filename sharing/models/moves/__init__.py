"""Every move of a Delivery from one state to another, in SQL written by hand.

A move is one statement on PostgreSQL and one short IMMEDIATE transaction on SQLite. It is a compare-and-set on the
state and, for a worker's move, on the attempt number. Its event is written with it. If no row changed, somebody else
was faster, or the table of states does not allow this move.

Times come from the database's clock. Call these functions in autocommit: inside a transaction a lost race would end
the transaction.
"""

from sharing.models.moves.claim import Claim, claim, pass_gate
from sharing.models.moves.conditions import what_stops
from sharing.models.moves.due import Due, accounts_due, take_rings
from sharing.models.moves.look_ups import LookUp, look_again, take_look_up
from sharing.models.moves.many import (
    end_leases,
    expire,
    hold_for_the_clock,
    hold_of_removed,
    hold_what_may_not_go,
    let_go,
)
from sharing.models.moves.one import keep_evidence, move
from sharing.models.moves.sql import Actor, After, clean, give_back_connection, now, now_sql

__all__ = [
    "Actor", "After", "Claim", "Due", "LookUp", "accounts_due", "claim", "clean",
    "end_leases", "expire", "give_back_connection", "hold_for_the_clock", "hold_of_removed", "hold_what_may_not_go",
    "keep_evidence", "let_go", "look_again", "move", "now", "now_sql", "pass_gate", "take_look_up", "take_rings",
    "what_stops",
]  # fmt: skip
