"""The `system` block from before 1.0 -> the helpdesk among today's services."""

from typing import NamedTuple, cast

from otac.config.shape_findings import missing_keys
from otac.diagnostics.question import Choice, Question, instead
from otac.diagnostics.suggest import misspelt
from otac.dialects.findings import Findings
from otac.dialects.nodes import Entries, added, entry, made, mapping, replaced
from otac.expressions.template import uses_template
from otac.source.document import Entry, Mapping, Node, Scalar

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
    inside = node.get("params")
    node = inside if isinstance(inside, Mapping) else node
    address = node.entries.get("server_address") or node.entries.get("base_url")
    if address is None or "password_env_var" not in node.entries:
        missing = ["server_address"] if address is None else []
        if "password_env_var" not in node.entries:
            missing.append("password_env_var")
        found.report(missing_keys(node, missing, "the `system`"))
        return {}
    _check_address(address, found)
    params = entry(address.key, "base_url", literal(_scalar(address)))
    for then, now in _NAMES:
        if then in node.entries:
            one = node.entries[then]
            params |= entry(one.key, now, literal(_scalar(one)))
    if "username" in node.entries:
        _check_login(node.entries["username"], found)
    password = node.entries["password_env_var"]
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
        **added("use", made("OTOBOZnunyTicketSystem", node), node),
        **added("params", mapping(params, node), node),
    }
    return entry(system.key, "helpdesk", mapping(service, node))


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
        Choice(written.text, "the helpdesk has such a login"),
    )
    found.doubt(
        Question("helpdesk-login", choices, meant, written.span),
        f"`{written.text}` is probably `{meant}`",
        written.span,
        "it is read as it stands",
        f"write `{meant}`, or leave it if the helpdesk has such a login",
    )
