"""Components of the user's."""


class RemoteHelpdesk:
    def __init__(self, url: str, password: str, token: str, region: str) -> None:
        self.url = url


def count(queue: str, password: str, helpdesk: RemoteHelpdesk | None = None) -> int:
    return 0
