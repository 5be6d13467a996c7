"""What Prefect draws of a run: which step uses whose result."""

import json
from pathlib import Path
from typing import Any

from server_process import Server

from background import until

_CONFIG = """\
orchestrator:
  runners:
    - pipe_id: drawn
      pipe:
        steps:
          - {id: tickets, use: Expression, expression: "{{ [{'id': 7}, {'id': 8}] }}"}
          - {id: alone, use: Expression, expression: a-secret}
          - id: classify
            use: Expression
            for_each: "{{ get_pipe_result('tickets') }}"
            expression: "{{ item.id }}"
          - id: each
            for_each: "{{ get_pipe_result('tickets') }}"
            steps:
              - {id: look, use: Expression, expression: "{{ item.id }}"}
              - id: note
                use: Expression
                if: "{{ get_pipe_result('look') == 7 }}"
                expression: "{{ get_pipe_result('alone') }}"
          - id: report
            use: Expression
            if: "{{ has_succeeded('classify') }}"
            depends_on: [each]
            expression: "{{ pipe_result('alone') }}"
          - {id: fails, use: Expression, expression: "{{ fail('no') }}", on_error: continue}
          - {id: last, use: Expression, expression: "{{ has_failed('fails') }}"}
"""
_EDGES = {
    "tickets": set(),
    "alone": set(),
    "classify[0]": {"tickets"},
    "classify[1]": {"tickets"},
    "each.look[0]": {"tickets"},
    "each.look[1]": {"tickets"},
    "each.note[0]": {"tickets", "each.look[0]", "alone"},
    "report": {
        *("alone", "classify[0]", "classify[1]"),
        *("each.look[0]", "each.look[1]", "each.note[0]"),
    },
    "fails": set(),
    "last": {"fails"},
}
_RUN = "import asyncio; from generated.flows.drawn import drawn; asyncio.run(drawn())"


def test_a_step_is_drawn_behind_those_whose_results_it_uses(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "config.yml").write_text(_CONFIG)
    server.run(tmp_path, "otac", "build", "config.yml")
    server.run(tmp_path, "python", "-c", _RUN)
    (flow,) = server.post("flows/filter", flows={"name": {"any_": ["drawn"]}})
    only = {"flows": {"id": {"any_": [flow["id"]]}}}
    (run,) = server.post("flow_runs/filter", **only)
    tasks = server.task_runs(run["id"], len(_EDGES))

    def edges() -> dict[str, set[str]]:
        nodes = dict(server.get(f"flow_runs/{run['id']}/graph-v2")["nodes"])
        return {
            node["label"]: {nodes[parent["id"]]["label"] for parent in node["parents"]}
            for node in nodes.values()
        }

    # The last state of a task, which tells of them, may be recorded a little later.
    until("the edges", lambda: edges() == _EDGES or None, 30)
    for task in tasks.values():
        inputs: dict[str, list[dict[str, Any]]] = task["task_inputs"]
        for one in inputs.values():
            assert all(set(each) == {"id", "input_type"} for each in one)
        assert "a-secret" not in json.dumps(task)
