from typing import Any


class Remote:
    def __init__(self, **options: Any) -> None: ...
