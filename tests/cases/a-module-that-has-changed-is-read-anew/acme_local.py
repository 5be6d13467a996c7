def shout(text: str, loudness: int = 1) -> dict[str, str]:
    """Shouts, as loud as wanted."""
    return {"text": text.upper() + "!" * loudness}
