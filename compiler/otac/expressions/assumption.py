"""What is known to be defined once a condition is known."""

from typing import TypeAlias

from jinja2 import nodes

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
