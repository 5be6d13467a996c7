"""What holds at one place of a template."""

from typing import NamedTuple

from jinja2 import nodes

from otac.expressions.assumption import Key, assumed


class TemplateScope(NamedTuple):
    """The names a template has defined so far, and what it has made sure of.

    `local` grows while a scope is walked; the branches of an `if` share it.
    """

    local: set[str]
    ensured: frozenset[Key] = frozenset()

    def inner(self, *names: str) -> "TemplateScope":
        """A scope in it, with names of its own."""
        return TemplateScope({*self.local, *names}, self.ensured)

    def given(self, test: nodes.Node, outcome: bool) -> "TemplateScope":
        """The scope of what is reached only if `test` is `outcome`."""
        return TemplateScope(self.local, self.ensured | assumed(test, outcome))

    def ensures(self, key: Key) -> bool:
        """Whether a value is known to be defined, or what it is an attribute of."""
        if not self.ensured:
            return False
        return any(key[:length] in self.ensured for length in range(1, len(key) + 1))


def assigned_names(target: nodes.Node) -> set[str]:
    """The names that assigning to `target` defines."""
    found = {target.name} if isinstance(target, nodes.Name) else set()
    return found.union(*(assigned_names(child) for child in target.iter_child_nodes()))
