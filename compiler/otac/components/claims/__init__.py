"""Who works on which ticket, and which tickets failed: kept for a ticket system."""

from otac.components.claims.postgres import CLAIMS_SCHEMA, PostgresClaims
from otac.components.claims.store import Claims, KeepsClaims

__all__ = ["CLAIMS_SCHEMA", "Claims", "KeepsClaims", "PostgresClaims"]
