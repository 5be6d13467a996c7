"""A configuration with tests in a folder, and what `otac test` says about them."""

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from command import Finished, otac
from otac.cli.compiling import compile_as_built
from otac.cli.configuration import Configuration, read_configuration
from otac.cli.terminal import Printing
from otac.cli.testing import Collected, collect

CONFIG = """
services:
  desk: {use: OTOBOZnunyTicketSystem, params: {base_url: "https://nowhere.invalid",
    username: "{{ env.HELPDESK_USER }}", password: "{{ env.HELPDESK_PASSWORD }}",
    queues: {Incoming: "", Billing: invoices, Hardware: printers}}}
  words: {use: KeywordClassifier, params: {labels: {Billing: [invoice]}, word_precision: 0.8}}
orchestrator:
  runners:
    - pipe_id: triage
      parameters: {inbox: Incoming}
      pipe:
        steps:
          - id: fetch
            use: FetchTickets
            injects: {ticket_system: desk}
            params: {ticket_search_criteria: {queue: {name: "{{ params.inbox }}"}}}
          - id: each
            for_each: "{{ get_pipe_result('fetch', 'fetched_tickets') }}"
            steps:
              - id: classify
                use: Classify
                injects: {classification_service: words}
                params: {text: "{{ item.subject }}"}
              - id: move
                if: "{{ get_pipe_result('classify', 'confidence') > 0.5 }}"
                use: UpdateTicket
                retries: 2
                retry_delay_seconds: 3600
                injects: {ticket_system: desk}
                params:
                  ticket_id: "{{ item.id }}"
                  updated_ticket:
                    queue: {name: "{{ get_pipe_result('classify', 'label') }}"}
    - pipe_id: look
      pipe:
        use: Expression
        params: {expression: "{{ get_env('A') }} {{ now().isoformat() }}"}
    - pipe_id: forever
      pipe:
        steps:
          - id: loop
            if: "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
            use: Expression
            params: {expression: "1"}
"""


@dataclass(frozen=True, slots=True)
class Tested:
    """What `otac test --format json` says."""

    status: int
    data: dict[str, Any]

    @property
    def messages(self) -> list[str]:
        """Of failures, without the name of the test."""
        return [
            failure["message"].partition("`: ")[2]
            for test in self.data["tests"]
            for failure in test["failures"]
        ]

    @property
    def faults(self) -> list[tuple[str, int, str]]:
        """Code, line and message of what is wrong with files."""
        return [
            (one["code"], one["line"], one["message"])
            for one in self.data["diagnostics"]
        ]


def project(folder: Path, tests: str, config: str = CONFIG) -> None:
    """Write a configuration, and `tests/some.yml` beside it."""
    (folder / "config.yml").write_text(config, "utf-8")
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "some.yml").write_text(dedent(tests), "utf-8")


def collected_in(folder: Path) -> Collected:
    """The tests of a folder, read and checked and not run."""
    configuration = read_configuration(str(folder / "config.yml"))
    assert isinstance(configuration, Configuration)
    compiled = compile_as_built(configuration, Printing())
    assert compiled.project is not None, compiled.report
    return collect(configuration, compiled)


def outcome_of(folder: Path, *arguments: str, **env: str) -> Tested:
    """The tests of a folder, run."""
    run = otac("test", *arguments, "--format", "json", cwd=folder, timeout=300, **env)
    assert run.out, run.err
    return Tested(run.status, json.loads(run.out))


def shown(folder: Path, *arguments: str) -> Finished:
    """The same, as people read it."""
    return otac("test", *arguments, cwd=folder, timeout=300)
