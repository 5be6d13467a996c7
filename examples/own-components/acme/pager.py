"""A service: anything that components share, made once for each run."""


class Pager:
    """Wakes whoever is on call."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    async def page(self, text: str) -> None:
        """A real one would send the text to `url`."""
        print(f"{self._url}: {text}")
