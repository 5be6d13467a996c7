"""What `use` names."""

import re
from dataclasses import dataclass

from otac.catalogue import ComponentInfo, NotFound, split
from otac.config.model import Config, Located
from otac.diagnostics.diagnostic import Diagnostic, Severity, error
from otac.diagnostics.suggest import nearest
from otac.dialects.names import COMPOSITE, is_upstream, similar_to
from otac.lower.context import Context
from otac.lower.project import Component

# `acme:Triage`, `otobo-znuny:TicketSystem`: a plugin's name, then a component's.
_PLUGIN_NAME = re.compile(r"[A-Za-z0-9_\-]+:[A-Za-z0-9_.\-]+")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A component and what is known of it; `info` is None where nothing is."""

    component: Component
    info: ComponentInfo | None


def component_names(config: Config) -> tuple[str, ...]:
    """Everything that stands behind `use` or an alias."""
    names = [target.value for _, target in config.aliases]
    names += [service.use.value for service in config.services]
    pending = [runner.pipe for runner in config.runners]
    while pending:
        step = pending.pop()
        if step.use is not None:
            names.append(step.use.value)
        pending.extend(step.steps or ())
    return tuple(dict.fromkeys(names))


def import_paths(config: Config) -> tuple[str, ...]:
    """Every import path that a configuration names, in file order, for `look_up`."""
    paths = list(component_names(config))
    hooks = [config.run_policy, *(runner.run_policy for runner in config.runners)]
    for policy in hooks:
        for names in (policy.on_failure, policy.on_completion, policy.on_crashed):
            paths += [name.value for name in names or ()]
    return tuple(dict.fromkeys(path for path in paths if split(path) is not None))


def resolve(context: Context, use: Located[str]) -> Resolved | None:
    """The component behind `use`; None after reporting that there is none."""
    name = _dealias(context, use.value)
    built_in = context.catalogue.built_in(name)
    if built_in is not None:
        component = Component(
            built_in.module, built_in.attribute, use.span, built_in.stops is not False
        )
        return Resolved(component, built_in)
    recorded = context.catalogue.recorded(name)
    if recorded is not None:
        component = Component(recorded.module, recorded.attribute, use.span)
        return Resolved(component, recorded)
    found = context.catalogue.imported(name)
    parts = split(name)
    if isinstance(found, NotFound) and _is_misspelt(name):
        context.report(_unknown(context, use, name))
        return None
    if _PLUGIN_NAME.fullmatch(name) and (
        parts is None or name.partition(":")[0] in context.catalogue.plugins
    ):
        return _in_plugin(context, use, name)
    if found is None or parts is None:
        if "aliases" not in context.config.damaged_sections:
            context.report(_unknown(context, use, name))
        return None
    component = Component(*parts, use.span)
    if isinstance(found, NotFound):
        return _missing(context, use, component, found)
    return Resolved(component._replace(stops=found.stops is not False), found)


def is_composite(context: Context, use: Located[str]) -> bool:
    """Whether `use` says that the step is a list of steps."""
    return _dealias(context, use.value) == COMPOSITE


def _is_misspelt(name: str) -> bool:
    """Whether it is nearly what Open Ticket AI calls one of its components."""
    return is_upstream(name) and nearest(name, similar_to(name)) is not None


def _dealias(context: Context, name: str) -> str:
    if not context.config.aliases:
        return name
    targets = {alias.value: target.value for alias, target in context.config.aliases}
    seen: set[str] = set()
    while name in targets and name not in seen:
        seen.add(name)
        name = targets[name]
    return name


def _unknown(context: Context, use: Located[str], name: str) -> Diagnostic:
    aliases = [alias.value for alias, _ in context.config.aliases]
    if name in aliases:
        return error(
            "OTC320",
            f"alias `{use.value}` leads back to itself",
            use.span,
            "no alias on the way names a component",
            help="let one of them name a component",
        )
    known = [*context.catalogue.names, COMPOSITE, *aliases]
    known += context.catalogue.recorded_names
    if is_upstream(use.shown):
        known += similar_to(use.shown)
    similar = nearest(use.shown, known)
    shown = f"`{use.shown}`" if name == use.value else f"`{name}` (alias `{use.value}`)"
    return error(
        "OTC320",
        f"component {shown} is not known",
        use.span,
        "no built-in component, alias or import path has this name",
        help=f"did you mean `{similar}`?"
        if similar
        else "write a built-in name such as `FetchTickets`, an alias, or an "
        "import path such as `acme.pipes:Triage`",
        suggestion=similar,
    )


def _missing(
    context: Context, use: Located[str], component: Component, missing: NotFound
) -> Resolved | None:
    if context.catalogue.damaged and "." not in component.module:
        # Probably a plugin's, whatever else has its name.
        return None
    if missing.candidates is not None:
        similar = nearest(component.name, missing.candidates)
        context.report(
            error(
                "OTC320",
                f"module `{component.module}` has no `{component.name}`",
                use.span,
                "no function or class of the module has this name",
                help=f"did you mean `{component.module}:{similar}`?"
                if similar
                else None,
                suggestion=f"{component.module}:{similar}" if similar else None,
            )
        )
        return None
    severity = context.options.unresolved
    name = f"{component.module}:{component.name}"
    # Where it runs, this may be a plugin's.
    plugin = name if "." not in component.module and use.value == name else ""
    similar = nearest(missing.module, context.catalogue.plugins) if plugin else None
    context.report(
        broken_module(missing, use, severity)
        if missing.broken
        else Diagnostic(
            "OTC332",
            severity,
            f"module `{missing.module}` is not installed here",
            use.span,
            "nothing can be said about this component's parameters",
            help=f"did you mean `{similar}:{component.name}`?"
            if similar
            else "install the package, put the module next to the configuration, or build "
            "with `--allow-unresolved` to leave it to the run",
            suggestion=f"{similar}:{component.name}" if similar else None,
        )
    )
    if severity is Severity.ERROR:
        return None
    return Resolved(component._replace(plugin=plugin), None)


def broken_module(
    missing: NotFound, named: Located[str], severity: Severity
) -> Diagnostic:
    """A module that is here and that Python cannot read; another Python may."""
    return Diagnostic(
        "OTC399",
        severity,
        f"module `{missing.module}` is not valid Python",
        named.span,
        missing.broken,
        help="mend that line, or build with `--allow-unresolved` if runs have a newer "
        "Python that reads it",
    )


def _in_plugin(context: Context, use: Located[str], name: str) -> Resolved | None:
    """`acme:Triage`, which is neither on record nor a module's."""
    catalogue = context.catalogue
    prefix, _, attribute = name.partition(":")
    if catalogue.damaged:
        return None
    plugin = catalogue.plugins.get(prefix)
    if plugin is not None:
        similar = nearest(name, catalogue.recorded_names)
        context.report(
            error(
                "OTC374",
                f"plugin `{prefix}` has no component `{attribute}`",
                use.span,
                f"{plugin.distribution} {plugin.version} does not list it",
                help=f"did you mean `{similar}`?"
                if similar
                else "if a newer version has it, install that and run "
                "`otac components sync`",
                suggestion=similar,
            )
        )
        return None
    similar = nearest(prefix, catalogue.plugins)
    severity = context.options.unresolved
    context.report(
        Diagnostic(
            "OTC373",
            severity,
            f"plugin `{prefix}` is not known here",
            use.span,
            "nothing can be said about this component's parameters",
            help=f"did you mean `{similar}:{attribute}`?"
            if similar
            else "install the plugin and run `otac components sync`, or build with "
            "`--allow-unresolved` to leave it to the run",
            suggestion=f"{similar}:{attribute}" if similar else None,
        )
    )
    if severity is Severity.ERROR:
        return None
    return Resolved(Component("", attribute, use.span, plugin=name), None)
