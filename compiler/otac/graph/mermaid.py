"""A picture as a Mermaid flowchart, for Markdown."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from otac.graph.picture import Box, Panel, Picture, Starts

# Everything else means something to Mermaid or to HTML somewhere.
_PLAIN = re.compile(r"[^\w .,:/()+·…-]")
_UNSAFE_IN_LINK = "/:?#[]@!$&'()*+,;=%-._~"


def mermaid(picture: Picture) -> str:
    """One flowchart: a subgraph for each runner, and one for the timeline."""
    lines = [
        "---",
        f"title: {_quoted(picture.title)}",
        "---",
        "flowchart TB",
    ]
    for number, panel in enumerate(picture.panels):
        lines += _panel(panel, f"r{number}")
    for number, panel in enumerate(picture.panels):
        lines += (f"    r{other} -. then .-> r{number}" for other in panel.after)
    services = {mark.title: f"s{n}" for n, mark in enumerate(picture.services)}
    for mark in picture.services:
        name = services[mark.title]
        lines.append(f"    {name}[({_label(mark.title, mark.component)})]")
        lines.append(_click(name, mark.href, mark.line))
    for number, panel in enumerate(picture.panels):
        for used, name in _uses(panel.boxes, f"r{number}"):
            if used in services:
                lines.append(f"    {name} -.- {services[used]}")
    lines += _timeline(picture)
    return "\n".join(lines) + "\n"


def _panel(panel: Panel, name: str) -> Iterator[str]:
    # The heading of a subgraph has room for one line; the rest is its first node.
    yield f"    subgraph {name}[{_label(panel.title)}]"
    yield "        direction TB"
    head = f"{name}h"
    yield f"        {head}({_label(*panel.moments, *panel.facts)})"
    yield _click(head, panel.href, panel.line, "        ")
    yield from _boxes(panel.boxes, name, "        ")
    yield f"        {head} --> {name}_0"
    yield "    end"
    if panel.deployment is not None:
        link = f"{name}p"
        yield f"    {name} --- {link}([{_label('Prefect deployment')}])"
        yield f'    click {link} href "{_address(panel.deployment)}"'


def _boxes(boxes: Sequence[Box], above: str, indent: str) -> Iterator[str]:
    for number, box in enumerate(boxes):
        name = f"{above}_{number}"
        text = [*box.notes, *box.facts]
        if box.boxes:
            yield f"{indent}subgraph {name}[{_label(box.title)}]"
            yield f"{indent}    direction TB"
            yield from _boxes(box.boxes, name, f"{indent}    ")
            if text:
                yield f"{indent}    {name}h({_label(*text)})"
                yield _click(f"{name}h", box.href, box.line, f"{indent}    ")
                yield f"{indent}    {name}h --> {name}_0"
            yield f"{indent}end"
        else:
            label = _label(*filter(None, [box.title, box.component, *text]))
            yield f"{indent}{name}[{label}]"
            yield _click(name, box.href, box.line, indent)
        if number:
            yield f"{indent}{above}_{number - 1} --> {name}"


def _uses(boxes: Sequence[Box], above: str) -> Iterator[tuple[str, str]]:
    for number, box in enumerate(boxes):
        name = f"{above}_{number}"
        for used in box.services:
            yield used, name
        yield from _uses(box.boxes, name)


def _timeline(picture: Picture) -> Iterator[str]:
    timeline = picture.timeline
    if not timeline.rows:
        return
    yield f"    subgraph t[{_label(timeline.span)}]"
    yield "        direction TB"
    yield f"        th({_label(timeline.busiest)})"
    before = "th"
    for number, row in enumerate(timeline.rows):
        yield f"        t{number}[{_label(row.title, _runs(row, picture))}]"
        yield f"        {before} ~~~ t{number}"
        before = f"t{number}"
    yield "    end"


def _runs(row: Starts, picture: Picture) -> str:
    if row.problem is not None:
        return row.problem
    if not row.minutes:
        return "no run"
    clock = picture.timeline.clock
    first = [clock(minute) for minute in row.minutes[:6]]
    more = ", …" if len(row.minutes) > len(first) else ""
    return f"{row.runs} run{'s' * (row.runs > 1)}: {', '.join(first)}{more}"


def _click(name: str, href: str, line: int, indent: str = "    ") -> str:
    return f'{indent}click {name} href "{_address(href)}" "line {line}"'


def _address(url: str) -> str:
    return quote(url, safe=_UNSAFE_IN_LINK.replace("'", ""))


def _label(*lines: str) -> str:
    """Quoted text; Mermaid decodes `#60;` only when it has read the whole diagram."""
    return '"' + "<br/>".join(map(_escaped, lines)) + '"'


def _escaped(text: str) -> str:
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", text)


def _quoted(text: str) -> str:
    """For the front matter, which is YAML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
