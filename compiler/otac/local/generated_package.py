"""The package `generated` of a configuration, imported into this process."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PACKAGE = "generated"


@contextmanager
def importing_from(generated: str, user: str) -> Iterator[None]:
    """Within this, `import generated` finds the package in the folder `generated`.

    Modules of the user's lie in `user`. The caller's own package of that name, and that of
    another configuration, are as before afterwards: modules that have been imported do not
    ask for theirs again.
    """
    others = {name: sys.modules.pop(name) for name in _loaded()}
    sys.path[:0] = [generated, user]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(generated)
        # Modules of the user's may import others of theirs when they are called.
        sys.path.remove(user)
        sys.path.append(user)
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(others)


def _loaded() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]
