"""The names that ticket systems of the OTRS family start with."""

# Lowest first; the descriptions are what a classifier compares a ticket with.
PRIORITIES = {
    "1 very low": "thank you, for your information, you can close this ticket, greetings",
    "2 low": "no hurry, when you have time, a suggestion, nice to have",
    "3 normal": "a question, a request, please send me, I would like, how do I",
    "4 high": "urgent, I cannot work, broken, blocked, deadline",
    "5 very high": (
        "emergency, nobody can work, outage of the whole system, hacked,"
        " fire or water damage"
    ),
}

# Whether a ticket in this state is still to be worked on.
STATES = {
    "new": True,
    "open": True,
    "pending reminder": True,
    "closed successful": False,
    "closed unsuccessful": False,
}
DEFAULT_STATE = "new"
