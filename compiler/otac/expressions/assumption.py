"""What is known to be defined once a condition is known."""

from typing import TypeAlias

from jinja2 import nodes

Key: TypeAlias = tuple[str, ...]
"""A name and the constant attributes asked of it: `("params", "queue")`."""


def assumed(test: nodes.Node, outcome: bool) -> frozenset[Key]:
    """What must be defined where `test` turned out to be `outcome`."""
    match test:
        case nodes.Test(name="defined" | "undefined"):
            key = key_of(test.node)
            if key is not None and outcome == (test.name == "defined"):
                return frozenset({key})
        case nodes.Not():
            return assumed(test.node, not outcome)
        case nodes.And() if outcome:
            return assumed(test.left, True) | assumed(test.right, True)
        case nodes.Or() if not outcome:
            return assumed(test.left, False) | assumed(test.right, False)
    return frozenset()


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
