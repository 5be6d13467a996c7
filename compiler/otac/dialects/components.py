"""Components under today's names, with today's parameters."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from otac.config.decode import STEP_KEYS
from otac.dialects import names
from otac.dialects.names import HUGGING_FACE, Today
from otac.dialects.nodes import Entries, added, made, mapping, renamed
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from otac.dialects.parts import Parts

_TOKENS = ("token", "api_token")
_SERVICE = "classification_service"


class ComponentNames:
    """Today's names; `models` are the services of pipes that had a model of their own."""

    def __init__(self, taken: frozenset[str], *, has_model: bool) -> None:
        self._taken = taken
        self._has_model = has_model
        self._models: dict[str, tuple[str, Mapping]] = {}

    @property
    def models(self) -> dict[str, Mapping]:
        """Hugging Face classifiers that no service stands for, by their new ids."""
        return dict(self._models.values())

    def modernise(self, parts: "Parts") -> None:
        """Give a pipe today's component, parameter and service names."""
        known = names.today(parts.use_text)
        if parts.use is None or known is None:
            return
        use = parts.use.value
        assert isinstance(use, Scalar)
        parts.use = Entry(parts.use.key, renamed(use, known.name))
        parts.injects = {
            known.services.get(key, key): _under(entry, known.services.get(key, key))
            for key, entry in parts.injects.items()
        }
        found: dict[str, Entry] = {}
        for key, entry in parts.parameters.items():
            if key in known.services and _is_id(entry.value):
                slot = known.services[key]
                parts.injects.setdefault(slot, _under(entry, slot))
            else:
                name = known.parameters.get(key, key)
                found.setdefault(name, _under(entry, name))
        parts.parameters = found
        if known.own_model:
            self.give_model(parts.parameters, parts.injects, use)

    def give_model(self, parameters: Entries, injects: Entries, use: Scalar) -> None:
        """Inject a Hugging Face classifier, which is meant where no service is named.

        A token among the parameters becomes the classifier's.
        """
        if _SERVICE in injects or self._has_model:
            return
        token = next((parameters.pop(n) for n in _TOKENS if n in parameters), None)
        key = "" if token is None else str(token.value.plain())
        if key not in self._models:
            params = {} if token is None else {"api_token": _under(token, "api_token")}
            service = {**added("use", made(HUGGING_FACE, use, use.shown), use)}
            if params:
                service |= added("params", mapping(params, use), use)
            self._models[key] = (self._new_id(), mapping(service, use))
        service_id = self._models[key][0]
        injects |= added(_SERVICE, made(service_id, use, use.shown), use)

    def _new_id(self) -> str:
        base = "hugging_face"
        used = self._taken | {name for name, _ in self._models.values()}
        number, found = 1, base
        while found in used:
            number += 1
            found = f"{base}_{number}"
        return found


def modern_service(use: Scalar, parameters: dict[str, Entry]) -> dict[str, Entry]:
    """The parameters of a service under today's names."""
    known = names.today(use.text) or Today("")
    return {
        known.parameters.get(key, key): _under(entry, known.parameters.get(key, key))
        for key, entry in parameters.items()
    }


def _under(entry: Entry, name: str) -> Entry:
    return Entry(renamed(entry.key, name), entry.value)


def _is_id(value: Node) -> bool:
    return isinstance(value, Scalar) and isinstance(value.value, str)


# Names of older releases in a file that is written in today's form.
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
