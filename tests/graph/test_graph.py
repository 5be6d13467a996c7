"""`otac graph`: the bytes, that they are well formed, where links lead, what stays text.

`pytest tests/graph --snapshot-update` writes what is new; look at it in a browser.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import pytest
from syrupy.assertion import SnapshotAssertion

from command import GUIDE, SOUND, Finished, otac
from otac.graph.measure import cut, width, wrapped
from otac.graph.timeline import timeline
from otac.pipeline import CompileOptions, compile_configuration

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"
FORMATS = ("mermaid", "svg", "html")
PREFECT = "http://127.0.0.1:4200"
LINK = (
    f"{PREFECT}/deployments"
    "?deployments.flowOrDeploymentNameLike=triage&flowOrDeploymentName=triage"
)


def graph(folder: Path, *arguments: str, text: str | None = None) -> Finished:
    if text is not None:
        (folder / "config.yml").write_text(text, encoding="utf-8")
    # A day on which clocks change nowhere.
    command = ("graph", "config.yml", "--from", "2026-01-01T00:00Z", *arguments)
    return otac(*command, cwd=folder)


def sixty() -> str:
    lines = ["orchestrator:", "  runners:"]
    for number in range(60):
        lines += (
            f"    - pipe_id: a_runner_with_a_rather_long_name-{number}",
            f"      interval_seconds: {300 + number % 5 * 300}",
            "      pipe:",
            "        steps:",
        )
        lines += (
            f"          - {{id: step{step}, use: Expression, expression: '{{{{ 1 }}}}'}}"
            for step in range(1 + number % 4)
        )
    return "\n".join(lines) + "\n"


CASES = {
    "guide": GUIDE,
    "rich": (HERE / "rich.yml").read_text(encoding="utf-8"),
    "hostile": (HERE / "hostile.yml").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_pictures(
    case: str, format: str, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    arguments = ("--format", format, "--prefect-url", f"{PREFECT}/")
    finished = graph(tmp_path, *arguments, text=CASES[case])
    assert (finished.status, finished.err) == (0, "")
    expected = HERE / "expected" / f"{case}.{format}"
    if snapshot.update_snapshots:
        expected.write_text(finished.out, encoding="utf-8", newline="\n")
    assert finished.out.encode() == expected.read_bytes()


def test_sixty_runners_are_well_formed(tmp_path: Path) -> None:
    finished = graph(tmp_path, "--format", "svg", text=sixty())
    root = ElementTree.fromstring(finished.out)
    texts = root.findall(f".//{SVG}text")
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert all(0 <= float(text.attrib["x"]) <= wide for text in texts)
    assert all(0 <= float(text.attrib["y"]) <= high for text in texts)
    names = [t for t in texts if t.attrib["class"] == "title"]
    # The end of a name tells it from the others, and must not be what is cut off.
    assert len({"".join(name.itertext()) for name in names}) == 60
    assert wide < 1600


class Page(HTMLParser):
    """Tags with their attributes, and the text outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "col"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("script", "style"):
            self.text += data

    def links(self) -> list[str]:
        return [str(a["href"]) for tag, a in self.tags if tag == "a"]


def test_links(tmp_path: Path) -> None:
    source = "https://git.example/blob/main/config.yml"
    arguments = ("--prefect-url", PREFECT, "--source-url", source, "--format")
    page = Page(graph(tmp_path, *arguments, "html", text=CASES["rich"]).out)
    lines = CASES["rich"].splitlines()
    fetch = next(n for n, line in enumerate(lines, 1) if "id: fetch" in line)
    assert f"{source}#L{fetch}" in page.links()
    assert LINK in page.links()
    assert "#r1" in page.links()
    root = ElementTree.fromstring(graph(tmp_path, *arguments, "svg").out)
    hrefs = [a.attrib["href"] for a in root.iter(f"{SVG}a")]
    assert f"{source}#L{fetch}" in hrefs
    assert LINK in hrefs
    mermaid = graph(tmp_path, *arguments, "mermaid").out
    assert f'click r0_0 href "{source}#L{fetch}" "line {fetch}"' in mermaid
    assert f'href "{LINK}"' in mermaid
    assert PREFECT not in graph(tmp_path, "--format", "html").out


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = CASES["hostile"]
    out = {f: graph(tmp_path, "--format", f, text=text).out for f in FORMATS}
    for drawn in out.values():
        assert "\u202e" not in drawn
    page = Page(out["html"])
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "img" not in [tag for tag, _ in page.tags]
    assert '</script><script>alert(1)</script> " ]]> -->' in page.text
    assert all(not name.startswith("on") for _, a in page.tags for name in a)
    root = ElementTree.fromstring(out["svg"])
    assert not [e for e in root.iter() if e.tag.endswith(("script", "img", "b"))]
    assert any("<img src=x onerror=alert(1)>" in t for t in root.itertext())
    for line in out["mermaid"].splitlines()[4:]:
        # What the configuration says is between two quotes, and holds none.
        assert line.count('"') % 2 == 0
        for quoted in line.split('"')[1::2]:
            text = quoted.replace("<br/>", "")
            assert set("<>[]{}|`\\").isdisjoint(text), line


def test_the_page_asks_nobody_for_anything(tmp_path: Path) -> None:
    page = Page(graph(tmp_path, "--format", "html", text=GUIDE).out)
    assert not [tag for tag, _ in page.tags if tag in ("link", "img", "iframe")]
    assert not [a for _, a in page.tags if "src" in a]
    policies = [a["content"] for tag, a in page.tags if "http-equiv" in a]
    assert str(policies[0]).startswith("default-src 'none'; ")


def test_the_instant_decides(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(GUIDE, encoding="utf-8")
    command = ("graph", "config.yml", "--from")
    first = otac(*command, "2026-06-01T02:00+02:00", cwd=tmp_path)
    second = otac(*command, "2026-06-01T00:00:59Z", cwd=tmp_path)
    assert "24 hours from 2026-06-01 00:00 UTC" in first.out
    assert first == second
    now = otac("graph", "config.yml", cwd=tmp_path)
    assert "24 hours from 20" in now.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--from", "noon"],
            "`--from noon` is not an instant such as 2026-01-01T00:00Z",
        ),
        (["--from", "9999-12-31"], "is not an instant"),
        (
            ["--prefect-url", "javascript:alert(1)"],
            "is not an address that starts with",
        ),
        (["--source-url", "x"], "`x` is not an address that starts with http"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SOUND, encoding="utf-8")
    finished = otac("graph", "config.yml", *arguments, cwd=tmp_path)
    assert (finished.status, finished.out) == (2, "")
    assert message in finished.err


def test_a_configuration_that_is_at_fault(tmp_path: Path) -> None:
    finished = graph(tmp_path, "-o", "x.svg", text=SOUND + "      tagz: [a]\n")
    assert (finished.status, finished.out) == (1, "")
    assert "error[OTC202]" in finished.err
    assert not (tmp_path / "x.svg").exists()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    finished = graph(tmp_path, "-o", "absent/x.svg", text=SOUND)
    assert finished.status == 3
    assert "error[OTC5" in finished.err


def test_nothing_is_written_through_a_link_out_of_the_folder(tmp_path: Path) -> None:
    project, mine = tmp_path / "project", tmp_path / "mine.txt"
    project.mkdir()
    mine.write_text("mine")
    (project / "x.svg").symlink_to(mine)
    finished = graph(project, "-o", "x.svg", text=SOUND)
    assert finished.status == 3
    assert "the symbolic link leads out of its folder" in finished.err
    assert mine.read_text() == "mine"
    finished = graph(project, "-o", "/dev/stdout", text=SOUND)
    assert (finished.status, finished.out[:4]) == (0, "---\n")


WITHOUT = """
import sys
sys.modules["tzdata"] = None
from otac.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_time_zone_that_the_machine_does_not_know(tmp_path: Path) -> None:
    text = (
        SOUND
        + """
      cron: "0 6 * * *"
      timezone: Europe/Berlin
"""
    )
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", WITHOUT, "graph", "config.yml"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONTZPATH": ""},
    )
    reason = "this machine does not know the time zone"
    assert f"{reason} `Europe/Berlin`: run `pip install" in done.stderr
    assert reason in done.stdout


CHROMIUM = shutil.which("chromium")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_runs_nothing_of_the_configuration(tmp_path: Path) -> None:
    """Nothing but the page's own script, which makes the theme button appear."""
    assert CHROMIUM is not None
    drawn = graph(tmp_path, "--format", "html", text=CASES["hostile"]).out
    (tmp_path / "graph.html").write_text(drawn, encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", "--disable-sync"),
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            (tmp_path / "graph.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    page = Page(done.stdout)
    (button,) = [a for tag, a in page.tags if tag == "button"]
    assert "hidden" not in button
    assert button["aria-pressed"] in ("true", "false")
    assert [tag for tag, _ in page.tags].count("script") == 1


def test_rules_that_prefect_counts_are_drawn_in_two_seconds() -> None:
    """Sixty of each, with a thousand runs a day, or a hundred thousand days back."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for zone in ("UTC", "Europe/Berlin"):
        for rule in (
            "RRULE:FREQ=SECONDLY;BYHOUR=3;COUNT=999999999",
            "RRULE:FREQ=DAILY;COUNT=999999999",
            "RRULE:FREQ=DAILY;BYDAY=MO,TU;COUNT=999999999",
            "\n".join(f"RRULE:FREQ=DAILY;BYHOUR={n};COUNT=9999" for n in range(24)),
            "\n".join(f"RRULE:FREQ=SECONDLY;BYHOUR={n}" for n in range(24)),
        ):
            text = json.dumps(f"DTSTART:19500101T000000\n{rule}")
            runners = "".join(
                f"    - {{pipe_id: r{n}, rrule: {text}, timezone: {zone},"
                " pipe: {use: Expression, expression: 1}}\n"
                for n in range(60)
            )
            data = f"orchestrator:\n  runners:\n{runners}".encode()
            begin = process_time()
            options = CompileOptions()
            compiled = compile_configuration("config.yml", data, Path(), options)
            assert compiled.project is not None
            timeline(compiled.project.runners, start)
            assert process_time() - begin < 2, (zone, rule)


def test_a_long_description_is_cut_in_a_moment() -> None:
    text = "word " * 40_000
    begin = process_time()
    lines = wrapped(text, 11, 300, 2)
    assert len(lines) == 2
    assert lines[1].startswith("word word")
    assert lines[1].endswith("…")
    assert max(width(line, 11) for line in lines) <= 300
    assert cut("x" * 200_000, 11, 300).count("x") == cut("x" * 100, 11, 300).count("x")
    assert process_time() - begin < 2
