"""Reader of CMS payloads. Each CMS has one short table of paths (`tables/*.toml`); one reader serves all tables."""

from sharing.intake.cms.reader import Context, at_most, read_cms
from sharing.intake.cms.table import NAMES, own_table, table

__all__ = ["NAMES", "Context", "at_most", "own_table", "read_cms", "table"]
