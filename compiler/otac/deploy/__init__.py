"""The declared state and a Prefect server's: compared, shown and made equal.

Speaks Prefect's REST API over one connection. Nothing here imports Prefect: that takes two
seconds, more than everything else together.
"""
