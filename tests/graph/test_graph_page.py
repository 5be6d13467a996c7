"""What stands on the page of `otac graph`: sources, warnings, labels, contrast."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from command import SOUND, otac
from otac.graph.excerpt import excerpt
from otac.source.document import Span
from otac.source.source_text import SourceText

_SECRET = "hunter2-of-nobody"
_CONFIG = f"""\
services:
  - id: desk
    use: OTOBOZnunyTicketSystem
    base_url: https://desk.example.com/otobo/nph-genericinterface.pl
    password: {_SECRET}
orchestrator:
  runners:
    - pipe_id: routing
      interval_seconds: 60
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            ticket_search_criteria:
              queue: {{name: Raw}}

            # What many have.
              limit: 10
          - id: group
            for_each: "{{{{ get_pipe_result('fetch', 'fetched_tickets') }}}}"
            steps:
              - {{id: move, if: "{{{{ item.subject }}}}", use: UpdateTicket,
                 ticket_id: "{{{{ get_pipe_result('fetch', 'fetched_tickets')[0].ids }}}}",
                 updated_ticket: {{queue: {{name: IT}}}}}}
    - pipe_id: after
      after: [routing]
      pipe: {{use: Expression, expression: "${{SUBJECT}}"}}
"""


class _Page(HTMLParser):
    """The text under each id and class, and what has a name for people who listen."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.headings: list[int] = []
        self.nameless: list[str] = []
        self._links: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("a", "button", "summary"):
            self._links.append([given.get("aria-label") or ""])
        if tag == "a":
            self.hrefs.append(str(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "button", "summary") and not "".join(self._links.pop()).strip():
            self.nameless.append(tag)

    def handle_data(self, data: str) -> None:
        for link in self._links:
            link.append(data)


def _drawn(folder: Path, text: str = _CONFIG, *options: str) -> str:
    (folder / "config.yml").write_text(text, "utf-8")
    command = ("graph", "config.yml", "--format", "html", *options)
    done = otac(*command, "--from", "2026-01-01T00:00Z", cwd=folder)
    assert done.status == 0, done.err
    return done.out


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _drawn(tmp_path_factory.mktemp("page"))


def _section(drawn: str, name: str) -> str:
    begin = drawn.index(f'<section id="{name}"')
    return drawn[begin : drawn.index("</section>", begin)]


def test_a_warning_stands_at_its_step_and_nowhere_else(drawn: str) -> None:
    warning = "OTC380: step `fetch` has no `ids` here (line 23)"
    assert drawn.count(warning) == 1
    routing = _section(drawn, "r1")
    assert routing.index("<b>move</b>") < routing.index(warning)
    # Of a service, none of the runners has it.
    assert "OTC331" in _section(drawn, "services")
    assert drawn.count("OTC331") == 1
    # The list says where to look.
    listed = drawn[drawn.index("<nav") : drawn.index("</nav>")]
    assert re.findall(r"#(\w+)\">[\w ]+ <small[^>]*>(\d+ warnings?)", listed) == [
        ("services", "1 warning"),
        ("r1", "1 warning"),
        ("r2", "1 warning"),
    ]


def test_conditions_branch_and_loops_are_frames(drawn: str) -> None:
    routing = _section(drawn, "r1")
    frame = routing[routing.index('class="loop"') :]
    assert "for each of <code>{{ get_pipe_result(&#39;fetch&#39;" in frame
    assert frame.index('class="branch"') > frame.index("<b>group</b>")
    assert frame.index("<b>move</b>") > frame.index('class="yes"')
    assert "this step is left out" in frame
    assert '<a class="chip" href="#r2">after</a>' in routing
    assert '<a class="chip" href="#r1">routing starts it</a>' in _section(drawn, "r2")


def test_no_credential_is_on_the_page(tmp_path: Path) -> None:
    # A service has no source on the page; the parameters of a runner have.
    text = _CONFIG.replace(
        "      interval_seconds: 60\n",
        f"      interval_seconds: 60\n      parameters: {{api_key: {_SECRET}}}\n",
    ).replace(
        "          - id: fetch\n",
        f"          # password: {_SECRET}\n          - id: fetch\n",
    )
    step = "          - id: fetch\n            use: FetchTickets\n"
    text = text.replace(step, f"{step}            # token: {_SECRET}\n")
    drawn = _drawn(tmp_path, text)
    assert "# token: *" in drawn
    assert _SECRET not in drawn


def test_everything_has_a_name_and_leads_somewhere(drawn: str) -> None:
    page = _Page(drawn)
    assert page.nameless == []
    assert len(page.ids) == len(set(page.ids))
    inside = {href[1:] for href in page.hrefs if href.startswith("#")}
    assert inside == {"r1", "r2", "day", "services"}
    assert inside <= set(page.ids)
    # One heading for the page, then one for each part.
    assert page.headings == [1, 2, 2, 2, 2]


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read(drawn: str, dark: bool) -> None:
    """At least 4.5 to 1, which WCAG 2.1 asks of text in 1.4.3."""
    palettes = re.findall(r":root[^{]*\{([^}]*)\}", drawn)
    assert len(palettes) == 3
    # Two ways to be dark, with the same colours.
    by_system, by_choice = (
        dict(re.findall(r"--(\w+): (#\w{6})", one)) for one in palettes[1:]
    )
    assert by_system == by_choice
    colors = by_choice if dark else dict(re.findall(r"--(\w+): (#\w{6})", palettes[0]))
    inks = ("ink", "soft", "link", "note", "bad", "good")
    pairs = {(ink, ground) for ink in inks for ground in ("page", "card")}
    # The source of a step.
    for ink, ground in pairs | {("ink", "track")}:
        one, other = sorted((_luminance(colors[ink]), _luminance(colors[ground])))
        assert (other + 0.05) / (one + 0.05) >= 4.5, (ink, ground)


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("id: fetch", (12, 18)),
        ("id: group", (19, 24)),
        ("id: move", (22, 24)),
        ("pipe_id: routing", (8, 24)),
        ("use: Expression", (27, 27)),
        ("use: OTOBO", (3, 5)),
    ],
)
def test_the_lines_of_a_step(key: str, lines: tuple[int, int]) -> None:
    source = SourceText("config.yml", _CONFIG)
    begin = _CONFIG.index(key)
    found = excerpt(source, Span(begin, begin + len(key)))
    first, last = lines
    assert len(found) == last - first + 1
    assert found[0].strip() == _CONFIG.splitlines()[first - 1].strip()
    assert found[-1].strip().startswith(_CONFIG.splitlines()[last - 1].strip()[:9])
    # Nothing is indented that need not be.
    assert any(not line.startswith(" ") for line in found)


def test_live_is_for_pages(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, "utf-8")
    done = otac("graph", "config.yml", "--live", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert "`--live` needs `--format html`" in done.err


def test_without_a_server_nothing_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, "utf-8")
    command = ("graph", "config.yml", "--format", "html", "--live", "-o", "x.html")
    done = otac(*command, cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.status == 3
    assert "error[OTC" in done.err
    assert not (tmp_path / "x.html").exists()
