"""What holds at one place of a template."""

from typing import NamedTuple, TypeAlias

from jinja2 import nodes

# What is known to be defined once a condition is known.
Key: TypeAlias = tuple[str, ...]
"""A name and the constant attributes asked of it: `("params", "queue")`."""


def assumed(test: nodes.Node, outcome: bool) -> frozenset[Key]:
    """What must be defined where `test` turned out to be `outcome`."""
    found: set[Key] = set()
    # Not by recursion: a chain of operators is as deep as it is long.
    pending = [(test, outcome)]
    while pending:
        match pending.pop():
            case nodes.Test(name="defined" | "undefined") as asked, wanted:
                key = key_of(asked.node)
                if key is not None and wanted == (asked.name == "defined"):
                    found.add(key)
            case nodes.Not(node=inner), wanted:
                pending.append((inner, not wanted))
            case nodes.And(left=left, right=right), True:
                pending += ((left, True), (right, True))
            case nodes.Or(left=left, right=right), False:
                pending += ((left, False), (right, False))
    return frozenset(found)


def key_of(node: nodes.Node) -> Key | None:
    """The key of `params.queue` or `params['queue']`; None for anything else."""
    attributes: list[str] = []
    while True:
        match node:
            case nodes.Name():
                return (node.name, *reversed(attributes))
            case nodes.Getattr():
                attributes.append(node.attr)
                node = node.node
            case nodes.Getitem(arg=nodes.Const(value=str(key))):
                attributes.append(key)
                node = node.node
            case _:
                return None


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
