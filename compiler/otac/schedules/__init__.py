"""Time: what a schedule means, and when Prefect has it due.

The one home of cron, recurrence rules, intervals, time zones and changes of clocks. What
counts is what Prefect does; its releases differ, and `habits.py` says how.

Nothing is imported here: a build with intervals alone pays for neither cron nor dateutil.
"""
