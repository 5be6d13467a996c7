"""How to install the parts of otac that not everybody needs."""


def install(extras: str) -> str:
    """What to type, as the end of a help; `extras` as pip takes them: `prefect,train`.

    While no release is published, `otac` alone names nothing that pip could find.
    """
    return (
        f'run `pip install "otac[{extras}]"`, or with a copy of the repository '
        f'`pip install "./otac[{extras}]"`'
    )
