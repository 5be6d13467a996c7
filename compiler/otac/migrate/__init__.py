"""A configuration of an older form -> the same in today's form, comments and order kept."""

from otac.migrate.file import encoded_like
from otac.migrate.migration import Migrated, migrate

__all__ = ["Migrated", "encoded_like", "migrate"]
