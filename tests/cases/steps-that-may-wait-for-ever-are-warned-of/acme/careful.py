import requests


def send(text: str = "") -> None:
    requests.post("https://reports.example.com", data=text, timeout=5)


def local() -> None:
    pass
