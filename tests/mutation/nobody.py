"""A server that has nothing, without a server."""

from typing import Any

from otac.deploy.api import Api


class _Nobody(Api):
    def __init__(self) -> None:
        self.url = "http://127.0.0.1:9/api"

    def find(self, path: str) -> Any:
        return None


NOBODY = _Nobody()
