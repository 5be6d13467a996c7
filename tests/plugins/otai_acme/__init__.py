"""A plugin as people wrote them for Open Ticket AI 1.5."""
