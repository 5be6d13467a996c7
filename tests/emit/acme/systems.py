from typing import Any


class Desk:
    def __init__(self, a: str = "", **more: Any) -> None: ...


class build: ...


class DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD: ...


class SSSSSSSSSSSSSSSSSSSSSSSSSSSSSS: ...
