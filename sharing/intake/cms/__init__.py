"""CMS payloads: each CMS is one short table of paths (`tables/*.toml`); the reader is one for all."""

from sharing.intake.cms.reader import Context, at_most, read_cms
from sharing.intake.cms.table import EVENT_HEADERS, NAMES, own_table, table

__all__ = ["EVENT_HEADERS", "NAMES", "Context", "at_most", "own_table", "read_cms", "table"]
