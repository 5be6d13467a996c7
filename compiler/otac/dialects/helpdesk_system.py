"""The `system` block from before 1.0 -> the helpdesk among today's services."""

import re
from typing import NamedTuple, cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.question import PossibleAnswer, Question, instead
from otac.diagnostics.suggest import misspelt
from otac.dialects.findings import Findings
from otac.dialects.names import today
from otac.dialects.nodes import Entries, added, dropping, entry, made, mapping, replaced
from otac.expressions import uses_template
from otac.source.document import Entry, Mapping, Node, Scalar, Sequence

_HELPDESK = "helpdesk"
_TODAY = "OTOBOZnunyTicketSystem"
# Where these forms knew expressions: the only ones that make sense here.
_VARIABLE = re.compile(r"\{\{\s*(?:env\.)?([A-Z][A-Z0-9_]*)\s*\}\}", re.ASCII)
_CGI = "nph-genericinterface.pl"
_NAMES = (("webservice_name", "webservice_name"), ("username", "username"))


class _Route(NamedTuple):
    """A key for the route of an operation, and the route that needs none."""

    key: str
    operation: str
    usual: str


_ROUTES = (
    _Route("search_operation_url", "TicketSearch", "ticket-search"),
    _Route("get_operation_url", "TicketGet", "ticket-get"),
    _Route("update_operation_url", "TicketUpdate", "ticket-update"),
)


def helpdesk(system: Entry, found: Findings) -> Entries:
    """The service, as an entry of `services`."""
    node = cast(Mapping, system.value)
    for key in ("params", "config"):
        inside = node.get(key)
        node = inside if isinstance(inside, Mapping) else node
    service = _service(node, "the `system`", found)
    return {} if service is None else entry(system.key, _HELPDESK, service)


def helpdesk_among(services: Entry | None, body: Mapping, found: Findings) -> Entries:
    """The only ticket system among services, as an entry of today's."""
    listed = None if services is None else services.value
    nodes = [one for _, one in listed] if isinstance(listed, Mapping) else []
    nodes += listed.items if isinstance(listed, Sequence) else []
    systems = [one for one in nodes if isinstance(one, Mapping) and _is_helpdesk(one)]
    if len(systems) != 1:
        at = next(iter(body)).key if services is None else services.key
        choices = tuple(
            PossibleAnswer(
                _name(one),
                "",
                tuple(
                    m for o in systems if o is not one for m in dropping(o, "").makes
                ),
            )
            for one in systems
        )
        found.ask(
            Question("helpdesk", choices),
            "which helpdesk?" if systems else "no helpdesk among the services",
            at.span,
            f"there are {len(systems)} here" if systems else "none of them is one",
            "leave one of them"
            if systems
            else "add a service `OTOBOZnunyTicketSystemService` with its "
            "`server_address`, `username` and `password`",
        )
        return {}
    node = systems[0]
    for key in ("params", "config"):
        inside = node.get(key)
        if isinstance(inside, Mapping):
            node = mapping({**node.entries, **inside.entries}, node)
    service = _service(node, f"`{_name(node)}`", found)
    return {} if service is None else added(_HELPDESK, service, systems[0])


def _is_helpdesk(node: Mapping) -> bool:
    said = [node.get(key) for key in ("use", "type", "driver", "implements")]
    words = [one.text for one in said if isinstance(one, Scalar)]
    known = [today(one) for one in words]
    return any(k is not None and k.name == _TODAY for k in known) or any(
        "otobo" in one.casefold() or "ticketsystem" in one.casefold() for one in words
    )


def _name(node: Mapping) -> str:
    name = node.get("id") or node.get("name") or node.get("use")
    return name.text if isinstance(name, Scalar) else ""


def _service(node: Mapping, title: str, found: Findings) -> Mapping | None:
    address = node.entries.get("server_address") or node.entries.get("base_url")
    password = node.entries.get("password_env_var") or node.entries.get("password")
    if address is None or password is None:
        missing = ["server_address"] if address is None else []
        missing += ["password_env_var"] if password is None else []
        found.report(missing_keys(node, missing, title))
        return None
    if not uses_template(_scalar(address).text):
        _check_address(address, found)
    params = entry(address.key, "base_url", _read(_scalar(address)))
    for then, now in _NAMES:
        if then in node.entries:
            one = node.entries[then]
            params |= entry(one.key, now, _read(_scalar(one)))
    if "username" in node.entries:
        _check_login(node.entries["username"], found)
    value: Scalar = _read(_scalar(password))
    if password.key.text == "password_env_var":
        value = from_environment(_scalar(password))
    params |= entry(password.key, "password", value)
    routes: Entries = {}
    for route in _ROUTES:
        given = node.entries.get(route.key)
        if given is not None and _scalar(given).text.strip("/") != route.usual:
            routes |= entry(given.key, route.operation, literal(_scalar(given)))
    if routes:
        params |= added("operation_urls", mapping(routes, node), node)
    service = {
        **added("use", made(_TODAY, node), node),
        **added("params", mapping(params, node), node),
    }
    return mapping(service, node)


def _read(scalar: Scalar) -> Scalar:
    """A text; an environment variable where an expression reads one."""
    name = _VARIABLE.fullmatch(scalar.text)
    return (
        literal(scalar) if name is None else from_environment(replaced(scalar, name[1]))
    )


def from_environment(name: Scalar, default: str = "") -> Scalar:
    """What reads the variable of this name; `default` goes with it into the brackets."""
    return replaced(name, f"{{{{ get_env('{name.text}'{default}) }}}}")


def literal(scalar: Scalar) -> Scalar:
    """The same text today: these forms knew no expressions."""
    if not uses_template(scalar.text):
        return scalar
    quoted = scalar.text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return replaced(scalar, f"{{{{ '{quoted}' }}}}")


def _scalar(one: Entry) -> Scalar:
    value: Node = one.value
    return cast(Scalar, value)


def _check_address(address: Entry, found: Findings) -> None:
    value = _scalar(address)
    base = value.text.rstrip("/")
    if base.endswith(_CGI):
        return
    meant = {f"{base}/{_CGI}": ""}
    if not base.endswith(("/otobo", "/znuny", "/otrs")):
        meant = {
            f"{base}/otobo/{_CGI}": "the helpdesk is an OTOBO",
            f"{base}/znuny/{_CGI}": "the helpdesk is a Znuny",
        }
    choices = tuple(instead(value.span, one, why) for one, why in meant.items())
    found.ask(
        Question("helpdesk-address", choices, choices[0].answer, value.span),
        f"`{address.key.shown}` does not say where the web services are",
        value.span,
        f"it does not end in `{_CGI}`; no release could have reached them so",
        f"{'is' if len(meant) == 1 else 'which is'} it? "
        f"{' or '.join(f'`{one}`' for one in meant)}",
    )


def _check_login(login: Entry, found: Findings) -> None:
    """A host that is nearly `localhost`: the template of these files had the slip."""
    written = _scalar(login)
    name, at, host = written.text.partition("@")
    if not at or misspelt(host, ("localhost",)) is None:
        return
    meant = f"{name}@localhost"
    choices = (
        instead(written.span, meant, "the usual login"),
        PossibleAnswer(written.text, "the helpdesk has such a login"),
    )
    found.doubt(
        Question("helpdesk-login", choices, meant, written.span),
        f"`{written.text}` is probably `{meant}`",
        written.span,
        "it is read as it is",
        f"write `{meant}`, or leave it if the helpdesk has such a login",
    )
