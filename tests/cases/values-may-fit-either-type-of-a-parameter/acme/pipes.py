"""Tags tickets."""


def tag(names: list[int] | list[str]) -> list[str]:
    """Tags by name or by number."""
    return [str(name) for name in names]
