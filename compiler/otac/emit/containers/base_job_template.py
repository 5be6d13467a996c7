"""The base job template of the work pools: how a worker starts a run as a process.

Prefect's own for pools of type process, the same from 3.4.20 on. Written out, it can be
reviewed, and does not change with the Prefect that happens to create a pool.
"""

from typing import Final

from otac.source.document import Json

_TEXT_OR_NULL: Final[Json] = [{"type": "string"}, {"type": "null"}]

BASE_JOB_TEMPLATE: Final[Json] = {
    "job_configuration": {
        "command": "{{ command }}",
        "env": "{{ env }}",
        "labels": "{{ labels }}",
        "name": "{{ name }}",
        "stream_output": "{{ stream_output }}",
        "working_dir": "{{ working_dir }}",
    },
    "variables": {
        "type": "object",
        "properties": {
            "name": {
                "title": "Name",
                "description": "The name of the process in Prefect's log.",
                "anyOf": _TEXT_OR_NULL,
                "default": None,
            },
            "env": {
                "title": "Environment Variables",
                "description": "Set for the run, beside those of the worker.",
                "type": "object",
                "additionalProperties": {"anyOf": _TEXT_OR_NULL},
            },
            "labels": {
                "title": "Labels",
                "description": "Labels of the run.",
                "type": "object",
                "additionalProperties": {"type": "string"},
            },
            "command": {
                "title": "Command",
                "description": "What starts a run; best left empty.",
                "anyOf": _TEXT_OR_NULL,
                "default": None,
            },
            "stream_output": {
                "title": "Stream Output",
                "description": "Whether the worker's log shows what runs write.",
                "type": "boolean",
                "default": True,
            },
            "working_dir": {
                "title": "Working Directory",
                "description": "Where the process begins; a temporary folder by default.",
                "anyOf": [{"type": "string", "format": "path"}, {"type": "null"}],
                "default": None,
            },
        },
    },
}
