"""A component of the user's."""


def shout(text: str) -> str:
    return text.upper()
