"""Schedules of every kind, drawn: the same ones each time."""

from collections.abc import Iterator
from random import Random

from otac.schedules.cron import DAY, FIELDS, WEEKDAY, Field

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kolkata",
)


def crons(count: int, seed: int) -> Iterator[str]:
    """Five, six and seven fields; most are right."""
    draw = Random(seed)
    for _ in range(count):
        size = draw.choice([5] * 6 + [6, 7])
        yield " ".join(_field(draw, field) for field in FIELDS[:size])


def _field(draw: Random, field: Field) -> str:
    if draw.random() < 0.35:
        return "*"
    if field.name == "year":
        return draw.choice(["*", "2026-2099", "2024/3", "2027"])
    if field.name in ("minute", "second") and draw.random() < 0.6:
        return str(draw.randint(0, 59))
    parts = draw.choice([1, 1, 1, 2, 3])
    return ",".join(_part(draw, field) for _ in range(parts))


def _part(draw: Random, field: Field) -> str:
    def number() -> str:
        # Now and then one that there is not.
        most = field.most + (draw.random() < 0.03)
        return str(draw.randint(field.least - (draw.random() < 0.02), most))

    forms = [
        number(),
        f"{number()}-{number()}",
        f"{number()}-{number()}/{draw.randint(1, 9)}",
        f"*/{draw.choice([1, 2, 3, 5, 7, 10, 15, 40])}",
        f"{number()}/{draw.randint(1, 9)}",
    ]
    if field.names:
        first, last = draw.choice([*field.names]), draw.choice([*field.names])
        forms += [first, f"{first}-{last}", last.upper()]
    if field is WEEKDAY:
        forms += [f"{number()}#{draw.randint(1, 5)}", f"L{number()}", "fri#2", "?", "7"]
    if field is DAY:
        forms += ["L", "?", "15-l", "1,15,30", "*/5"]
    return draw.choice(forms)


def rules(count: int, seed: int) -> Iterator[str]:
    """Recurrence rules that start at some time of their own, or in 2020."""
    draw = Random(seed)
    for _ in range(count):
        rule = _rule(draw)
        # Prefect counts one by one from the start.
        must = "SECONDLY" in rule or "MINUTELY" in rule or "COUNT" in rule
        if must or draw.random() < 0.3:
            day = draw.choice(["20260215", "20260301", "20260320", "20251231"])
            clock = draw.choice(["T000000", "T023000", "T083015", ""])
            rule = f"DTSTART:{day}{clock}\nRRULE:{rule}"
        if draw.random() < 0.15:
            rule += draw.choice(
                [
                    "\nEXDATE:20260329T083015,20260330T023000",
                    "\nEXDATE;VALUE=DATE:20260329",
                    "\nRDATE:20260329T023000,20261025T023000",
                    "\nEXRULE:FREQ=WEEKLY;BYDAY=SU",
                ]
            )
            if "RRULE:" not in rule:
                rule = f"RRULE:{rule}"
        yield rule


def _rule(draw: Random) -> str:
    frequency = draw.choice(
        ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
    )
    parts = [f"FREQ={frequency}"]
    least = {"SECONDLY": 400, "MINUTELY": 7}.get(frequency, 1)
    if least > 1 or draw.random() < 0.5:
        parts.append(f"INTERVAL={draw.randint(least, least + 9)}")
    optional = {
        "BYMONTH": _listed(draw, 1, 12),
        "BYMONTHDAY": draw.choice([_listed(draw, 1, 31), "-1", "1,-1"]),
        "BYDAY": draw.choice(["MO", "MO,TU,WE,TH,FR", "1MO", "-1FR,SA", "SU"]),
        "BYHOUR": _listed(draw, 0, 23),
        "BYMINUTE": _listed(draw, 0, 59),
        "BYSECOND": _listed(draw, 0, 59),
        "BYYEARDAY": _listed(draw, 1, 366),
        "BYWEEKNO": _listed(draw, 1, 52),
        "BYSETPOS": draw.choice(["1", "-1", "2"]),
        "COUNT": draw.choice(["5", "40", "400"]),
        "UNTIL": draw.choice(["20260401T000000", "20270101"]),
        "WKST": draw.choice(["MO", "SU"]),
    }
    chance = 0.12
    parts += [f"{name}={v}" for name, v in optional.items() if draw.random() < chance]
    return ";".join(parts)


def _listed(draw: Random, least: int, most: int) -> str:
    numbers = {draw.randint(least, most) for _ in range(draw.choice([1, 2, 4]))}
    return ",".join(map(str, sorted(numbers)))
