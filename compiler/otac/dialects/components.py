"""Components under today's names, with today's parameters."""

from typing import TYPE_CHECKING

from otac.dialects import names
from otac.dialects.names import HUGGING_FACE, Today
from otac.dialects.nodes import Entries, added, made, mapping, renamed
from otac.source.document import Entry, Mapping, Node, Scalar

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
