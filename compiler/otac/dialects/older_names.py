"""Names of older releases in a file that is written in today's form."""

from collections.abc import Iterator
from typing import cast

from otac.config.decode import STEP_KEYS
from otac.dialects import names
from otac.dialects.components import ComponentNames
from otac.dialects.names import Today
from otac.dialects.nodes import Entries, added, mapping, renamed
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_SERVICE_KEYS = frozenset(("id", "use", "params"))


def use_todays_names(body: Mapping) -> None:
    """Give components and their parameters today's names, in place.

    The body has the shape of the schema.
    """
    section = body.get("services")
    services = dict(_services(section))
    for service in services.values():
        _rename(service, _SERVICE_KEYS)
    defined = {cast(Scalar, service.get("use")).text for service in services.values()}
    components = ComponentNames(
        frozenset(services), has_model=names.HUGGING_FACE in defined
    )
    for pipe in _pipes(body):
        known = _rename(pipe, STEP_KEYS)
        if known is not None and known.own_model:
            _give_model(pipe, components)
    for name, model in components.models.items():
        _add_service(body, name, model)


def _rename(node: Mapping, keys: frozenset[str]) -> Today | None:
    """The component of an older name, after renaming; None where it had today's."""
    use = node.entries.get("use")
    known = None if use is None else names.today(cast(Scalar, use.value).text)
    if use is None or known is None or known.name == cast(Scalar, use.value).text:
        return None
    node.entries["use"] = Entry(use.key, renamed(cast(Scalar, use.value), known.name))
    params = node.get("params")
    _rename_keys(node.entries, known, keys)
    if isinstance(params, Mapping):
        _rename_keys(params.entries, known, frozenset())
    return known


def _rename_keys(entries: Entries, known: Today, keys: frozenset[str]) -> None:
    if known.parameters.keys().isdisjoint(entries):
        return
    found = dict(entries)
    entries.clear()
    for key, entry in found.items():
        name = key if key in keys else known.parameters.get(key, key)
        if name in found and name != key:
            name = key  # both are there: the older one will be refused
        entries[name] = Entry(renamed(entry.key, name), entry.value)


def _give_model(pipe: Mapping, components: ComponentNames) -> None:
    params, injects = pipe.get("params"), pipe.get("injects")
    given = injects.entries if isinstance(injects, Mapping) else dict[str, Entry]()
    under = params.entries if isinstance(params, Mapping) else pipe.entries
    use = cast(Scalar, pipe.get("use"))
    components.give_model(under, given, use)
    if given and not isinstance(injects, Mapping):
        pipe.entries |= added("injects", mapping(given, use), use)


def _add_service(body: Mapping, name: str, model: Mapping) -> None:
    section = body.get("services")
    if isinstance(section, Sequence):
        identified = added("id", added(name, model, model)[name].key, model)
        section.items.append(mapping({**identified, **model.entries}, model))
        return
    if not isinstance(section, Mapping):
        section = mapping({}, model)
        body.entries |= added("services", section, model)
    section.entries |= added(name, model, model)


def _services(section: Node | None) -> Iterator[tuple[str, Mapping]]:
    if isinstance(section, Mapping):
        for name, entry in section.entries.items():
            yield name, cast(Mapping, entry.value)
    elif isinstance(section, Sequence):
        for item in section.items:
            service = cast(Mapping, item)
            yield cast(Scalar, service.get("id")).text, service


def _pipes(body: Mapping) -> Iterator[Mapping]:
    """Every pipe and step of the file; what the shape check refused is not there."""
    orchestrator = body.get("orchestrator")
    runners = orchestrator.get("runners") if isinstance(orchestrator, Mapping) else None
    listed = runners.items if isinstance(runners, Sequence) else []
    pending = [one.get("pipe") for one in listed if isinstance(one, Mapping)]
    while pending:
        pipe = pending.pop()
        if not isinstance(pipe, Mapping):
            continue
        yield pipe
        steps = pipe.get("steps")
        if isinstance(steps, Sequence):
            pending.extend(steps.items)
