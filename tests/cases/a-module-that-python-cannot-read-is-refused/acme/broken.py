# coding: none-such


def triage(text: str = "") -> str:
    return text


def tell() -> None:
    pass
