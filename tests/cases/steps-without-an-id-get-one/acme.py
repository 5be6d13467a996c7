class HTTPRequest2Queue:
    def __init__(self, url: str) -> None:
        self.url = url
