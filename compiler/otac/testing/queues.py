"""The queues that a configuration knows."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from otac.catalogue import TICKET_SYSTEM, built_in_catalogue
from otac.check.mentions import uses
from otac.lower.project import Literal, Project, Runner, Service, calls
from otac.source.document import Mapping as MappingNode
from otac.source.document import Scalar
from otac.testing.case import Written

_QUEUE = "queue"
_SEEDS = (".yml", ".yaml", ".csv")


class Queues(NamedTuple):
    """What is written about queues where tickets may go.

    `names` have descriptions. `seeds` are files that an embedded helpdesk starts with.
    """

    names: Mapping[str, str]
    seeds: tuple[str, ...]

    def as_data(self, runner: Runner, test: Written) -> dict[str, Any]:
        """All queues of a test that names none itself.

        A seed has all that there are; a list of targets need not name the queue in which
        tickets arrive. Without either, whatever is named is there.
        """
        if self.seeds:
            return {"names": dict(self.names), "seeds": self.seeds}
        arriving = _of_steps(runner, listed=not self.names)
        named = () if self.names else _of_test(test)
        return {
            "names": {**dict.fromkeys((*arriving, *named), ""), **self.names},
            "seeds": (),
        }


def known_queues(project: Project, folder: Path) -> Queues:
    """`folder` is that of the configuration, where runs take place."""
    names: dict[str, str] = {}
    seeds: list[str] = []
    for service in project.services:
        if service.kind == TICKET_SYSTEM:
            names |= _listed(service)
            seeds += _seeds(service, folder)
    return Queues(names, tuple(seeds))


def _listed(service: Service) -> Mapping[str, str]:
    match _argument(service, "queues"):
        case dict() as queues:
            return {name: str(text or "") for name, text in queues.items()}
        case list() as listed:
            return dict.fromkeys((str(name) for name in listed), "")
    return {}


def _seeds(service: Service, folder: Path) -> Iterable[str]:
    """As `SqliteTicketSystem` looks for its seed."""
    store, seed = _argument(service, "path"), _argument(service, "seed")
    paths: list[Path] = []
    if isinstance(seed, str):
        paths = [folder / seed]
    elif isinstance(store, str) and all(a.name != "seed" for a in service.arguments):
        paths = [(folder / store).with_suffix(suffix) for suffix in _SEEDS]
    found = [str(path.resolve()) for path in paths if path.is_file()]
    return found[:1]


def _argument(service: Service, name: str) -> object:
    values = (one.value for one in service.arguments if one.name == name)
    value = next(values, None)
    return value.data if isinstance(value, Literal) else None


def _of_steps(runner: Runner, *, listed: bool) -> Iterator[str]:
    """Queues that steps name; with `listed`, also those to which they move tickets."""
    catalogue = built_in_catalogue()
    for _, call in calls(runner.steps):
        info = catalogue.behind(call.component.module, call.component.name)
        if info is None or info.parameters is None:
            continue
        properties = info.parameters.properties or {}
        for one in call.arguments:
            if one.name not in properties:
                continue
            for use in uses(one.value, properties[one.name], runner):
                if use.what == _QUEUE and (listed or not use.must_be_listed):
                    yield use.mention.text


def _of_test(test: Written) -> Iterator[str]:
    """Queues that are expected, and labels of stand-ins."""
    tickets = test.expect.get("tickets")
    for entry in tickets if isinstance(tickets, MappingNode) else ():
        queue = (
            entry.value.get(_QUEUE) if isinstance(entry.value, MappingNode) else None
        )
        if isinstance(queue, Scalar):
            yield queue.text
    services = test.node.get("services")
    for entry in services if isinstance(services, MappingNode) else ():
        stand_in = entry.value.plain()
        if not isinstance(stand_in, dict):
            continue
        answers = cast(list[dict[str, Any]], stand_in.get("answers") or [])
        for answer in (*answers, cast(dict[str, Any], stand_in.get("otherwise") or {})):
            if answer.get("label") is not None:
                yield str(answer["label"])
