"""Where a step stands: which steps it can ask for, and what encloses it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from otac.expressions.problem import ExpressionError
from otac.runtime.record import Failure, Record, Skip, Success, task_runs
from otac.runtime.view import View, seen_from

_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a for-each; `index` counts from 0 in the order of the list."""

    value: Any
    index: int


class Scope:
    """A step, or a list of steps; `records` is empty for the former.

    `key` is the same in every attempt of a flow run and differs between steps and items.
    Only lists have a `config`; `failure` is the first reason why the list has failed, and
    `is_over` tells whether the rest of it is skipped. `uses` are the steps that were asked
    for from here, as they were called: whose results this one is made of.
    """

    __slots__ = (
        "config",
        "failure",
        "ids",
        "indices",
        "is_over",
        "item",
        "key",
        "parent",
        "records",
        "uses",
    )

    def __init__(
        self,
        key: str,
        *,
        parent: "Scope | None" = None,
        ids: tuple[str, ...] = (),
        indices: tuple[int, ...] = (),
        item: Item | None = None,
        config: View | None = None,
    ) -> None:
        self.key = key
        self.parent = parent
        self.ids = ids
        self.indices = indices
        self.item = item
        self.config = config
        self.records: dict[str, Record] = {}
        self.uses: dict[str, Record] = {}
        self.failure: str | None = None
        self.is_over = False

    def step(self, id: str, item: Item | None = None) -> "Scope":
        """A step of this list, or one item of it."""
        suffix = "" if item is None else f"[{item.index}]"
        return Scope(
            f"{self.key}/{id}{suffix}",
            parent=self,
            ids=(*self.ids, id),
            indices=self.indices if item is None else (*self.indices, item.index),
            item=item,
        )

    def list(self, config: View) -> "Scope":
        """The list of steps that a composite is; `self` is the composite."""
        return Scope(
            self.key, parent=self, ids=self.ids, indices=self.indices, config=config
        )

    @property
    def label(self) -> str:
        """The ids from the outermost list on, e.g. `each.classify[3]`."""
        return ".".join(self.ids) + "".join(f"[{index}]" for index in self.indices)

    @property
    def nearest_item(self) -> Item | None:
        """The item of the innermost for-each."""
        return next((s.item for s in self.outwards() if s.item is not None), None)

    @property
    def enclosing_list(self) -> "Scope | None":
        """The innermost list around this place; its `config` is what steps see."""
        return next((s for s in self.outwards() if s.config is not None), None)

    def find(self, id: str) -> Record | None:
        """The step that an id, or a path of ids, means here.

        Own list first, then the enclosing ones, then inside the composites of each. None
        for a step that has not been reached: that there is one of this id has been checked
        when the configuration was compiled.
        """
        if (found := self._find(id)) is not None:
            self.uses[id] = found
        return found

    def _find(self, id: str) -> Record | None:
        for scope in self.outwards():
            if id in scope.records:
                return scope.records[id]
        for scope in self.outwards():
            found = [r for path, r in _inside(scope.records) if _answers(path, id)]
            if len(found) > 1:
                raise ExpressionError(
                    f"several steps are called `{id}`: write the path"
                )
            if found:
                return found[0]
        return None

    def get_pipe_result(
        self, id: str, key: str | None = "value", default: Any = _REQUIRED
    ) -> Any:
        """The value under `key` of a step's result; the whole result for None.

        `default` stands in for a missing key and for a step without a result.
        """
        record = self.find(id)
        match record:
            case Success(result) if key is None or _is_whole(result, key):
                return result
            case Success(result) if isinstance(result, Mapping) and key in result:
                return result[key]
        if default is not _REQUIRED:
            return default
        raise ExpressionError(_why_missing(record, id, key))

    def has_failed(self, id: str) -> bool:
        """Whether the step ran and failed."""
        return isinstance(self.find(id), Failure)

    def has_succeeded(self, id: str) -> bool:
        """Whether the step ran and has a result."""
        return isinstance(self.find(id), Success)

    def get_parent_param(self, name: str) -> Any:
        """A parameter of the nearest enclosing composite that has one of this name."""
        for scope in self.outwards():
            if scope.config is not None and name in scope.config:
                return seen_from(scope.config, self)[name]
        raise ExpressionError(f"no enclosing composite has a parameter `{name}`")

    def used_runs(self) -> dict[str, tuple[UUID, ...]]:
        """The task runs of the steps that were asked for from here, or from a composite
        or a for-each around it on its behalf."""
        uses = {k: v for scope in self.outwards() for k, v in scope.uses.items()}
        return {step: runs for step, one in uses.items() if (runs := task_runs(one))}

    def outwards(self) -> "Iterator[Scope]":
        """This place, then what is around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


def item_id(scope: Scope) -> str | None:
    """The id of the ticket that a for-each is at, if its items look like tickets."""
    item = scope.nearest_item
    if item is None or not isinstance(item.value, Mapping):
        return None
    found = item.value.get("id")
    # Anything longer is no id, and may be a text.
    fits = isinstance(found, str | int) and len(str(found)) <= 64
    return str(found) if fits else None


def _inside(
    records: Mapping[str, Record], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Record]]:
    """The steps inside of the composites of a list, with their paths from that list on."""
    for key, record in records.items():
        if path:
            yield (*path, key), record
        match record:
            case Success(inner=inner) | Failure(inner=inner) if inner is not None:
                yield from _inside(inner, (*path, key))


def _answers(path: tuple[str, ...], id: str) -> bool:
    """Whether the path is, or ends in, the one that was asked for."""
    return f".{'.'.join(path)}".endswith(f".{id}")


def _is_whole(result: Any, key: str | None) -> bool:
    """A for-each's result is a list, and `value` is the list itself."""
    return key == "value" and isinstance(result, list)


def _why_missing(record: Record | None, id: str, key: str | None) -> str:
    match record:
        case None:
            return f"step `{id}` has not run, so it has no result"
        case Skip(reason):
            return f"step `{id}` was skipped ({reason}), so it has no result"
        case Failure():
            return f"step `{id}` failed, so it has no result"
        case Success(result) if isinstance(result, Mapping):
            keys = ", ".join(f"`{name}`" for name in result) or "none"
            return f"the result of step `{id}` has no key `{key}`; it has {keys}"
        case Success():
            return f"the result of step `{id}` is a list and has no key `{key}`"
