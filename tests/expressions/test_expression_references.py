"""What an expression refers to, and where exactly."""

import pytest

from otac.expressions.expression import ParsedExpression
from otac.expressions.parse import parse
from otac.expressions.reference import (
    CallReference,
    EnvReference,
    FilterReference,
    NameReference,
    ParentParamReference,
    Reference,
    SecretReference,
    Segment,
    StepReference,
    TestReference,
    VariableReference,
)


def test_a_step_and_its_key_stand_where_their_characters_are() -> None:
    text = "{{ get_pipe_result('fetch', \"fetched_tickets\")[0]['id'] }}"
    assert parse(text) == ParsedExpression(
        text,
        single=True,
        references=(
            CallReference("get_pipe_result", 3, 18, positional=2),
            StepReference(
                "get_pipe_result",
                3,
                18,
                step=Segment("fetch", 20, 25),
                key=Segment("fetched_tickets", 29, 44),
                path=(Segment("[]", 46, 46), Segment("id", 51, 53)),
            ),
        ),
    )


def test_a_name_and_its_path_stand_where_their_characters_are() -> None:
    text = "{{ params . queue['name'].x | upper }}"
    assert parse(text).references == (
        NameReference(
            "params",
            3,
            9,
            path=(
                Segment("queue", 12, 17),
                Segment("name", 19, 23),
                Segment("x", 26, 27),
            ),
        ),
        FilterReference("upper", 30, 35),
    )


def word(reference: Reference, text: str) -> str:
    """One reference as a line: its kind, its word in the text, and what it found."""
    parts = [
        type(reference).__name__.removesuffix("Reference").lower(),
        text[reference.start : reference.end],
    ]
    match reference:
        case NameReference():
            parts += [f".{segment.text}" for segment in reference.path]
            parts += ["guarded"] * reference.guarded
        case StepReference():
            parts.append(repr(reference.step.text) if reference.step else "?")
            parts += [repr(reference.key.text)] if reference.key else []
            parts += ["?"] * reference.computed_key
            parts += ["default"] * reference.has_default
            parts += [f".{segment.text}" for segment in reference.path]
            parts += ["guarded"] * reference.guarded
        case CallReference():
            parts.append(str(reference.positional))
            parts += [f"{segment.text}=" for segment in reference.keywords]
            parts += ["*"] * reference.spread
        case FilterReference() | TestReference():
            pass
        case _:
            parts.append(repr(reference.name.text) if reference.name else "?")
            parts += ["default"] * reference.has_default
    return " ".join(parts)


CASES = {
    "{{ item.subject }} {{ item.body }}": ["name item .subject", "name item .body"],
    "{{ parent.params.ticket.id }}": ["name parent .params .ticket .id"],
    "{{ config['a'].b[0].c }}": ["name config .a .b"],
    "{{ config.map[params.key].x }}": ["name config .map", "name params .key"],
    "{{ config.map.get(item.label, 'x').y }}": [
        "name config .map",
        "name item .label",
    ],
    "{{ get_pipe_result(item.step, key=config.key) }}": [
        "call get_pipe_result 1 key=",
        "step get_pipe_result ? ?",
        "name item .step",
        "name config .key",
    ],
    "{{ pipe_result(id='a', default={'x': 1}).label.x }}": [
        "call pipe_result 0 id= default=",
        "step pipe_result 'a' default .label .x",
    ],
    "{{ get_pipe_result('a', 'b', none) }}": [
        "call get_pipe_result 3",
        "step get_pipe_result 'a' 'b' default",
    ],
    "{{ get_pipe_result(*item.arguments) }}": [
        "call get_pipe_result 0 *",
        "step get_pipe_result ? ? default",
        "name item .arguments",
    ],
    "{{ (get_pipe_result('fetch','fetched_tickets') | first).id }}": [
        "call get_pipe_result 2",
        "step get_pipe_result 'fetch' 'fetched_tickets' .[] .id",
        "filter first",
    ],
    "{{ has_failed('update') and not has_succeeded('note') }}": [
        "call has_failed 1",
        "step has_failed 'update'",
        "call has_succeeded 1",
        "step has_succeeded 'note'",
    ],
    "{{ env.OTAI_TOKEN }}{{ env['X'] }}{{ env[item.name] }}{{ env.get('Y') }}": [
        "env env 'OTAI_TOKEN'",
        "env env 'X'",
        "env env ?",
        "name item .name",
        "env env ?",
    ],
    "{{ env.A | default('x') }}{{ env.B if env.B is defined }}": [
        "env env 'A' default",
        "filter default",
        "env env 'B' default",
        "env env 'B' default",
        "test defined",
    ],
    "{{ get_env('A') }}{{ get_env('B', default='x') }}{{ get_env('C', 'x') }}": [
        "call get_env 1",
        "env get_env 'A'",
        "call get_env 1 default=",
        "env get_env 'B' default",
        "call get_env 2",
        "env get_env 'C' default",
    ],
    "{{ secret('a') }}{{ variable(name='b') }}{{ get_parent_param('c') }}": [
        "call secret 1",
        "secret secret 'a'",
        "call variable 0 name=",
        "variable variable 'b'",
        "call get_parent_param 1",
        "parentparam get_parent_param 'c'",
    ],
    "{{ fail('empty') if not item else stop() }}": [
        "call fail 1",
        "name item",
        "call stop 0",
    ],
    "{{ lookup('x', *a, **b) }}": ["call lookup 1 *", "name a", "name b"],
    "{{ now().strftime('%Y') ~ get_at(item, 'a.b') }}": [
        "call now 0",
        "call get_at 2",
        "name item",
    ],
    "{{ get_env }}": ["name get_env"],
    "{{ x is not divisibleby 3 and y is in [1] }}": [
        "name x",
        "test divisibleby",
        "name y",
        "test in",
    ],
    "{{ f(a=1, b=g(c=2)) }}": ["call f 0 a= b=", "call g 0 c="],
    # what guards a name, and what does not
    "{{ params.a | default(params.b) }}": [
        "name params .a guarded",
        "filter default",
        "name params .b",
    ],
    "{{ params.a | upper | default('x') }}": [
        "name params .a",
        "filter upper",
        "filter default",
    ],
    "{{ params.a[item.x].b | default('x') }}": [
        "name params .a",
        "name item .x",
        "filter default",
    ],
    "{{ params.a.b if params.a is defined else params.a }}": [
        "name params .a .b guarded",
        "name params .a guarded",
        "test defined",
        "name params .a",
    ],
    "{{ params.a if params.a is undefined else params.a }}": [
        "name params .a",
        "name params .a guarded",
        "test undefined",
        "name params .a guarded",
    ],
    "{{ params.a is defined and params.a > 1 and params.ab }}": [
        "name params .a guarded",
        "test defined",
        "name params .a guarded",
        "name params .ab",
    ],
    "{{ params.a is not defined or params.a > 1 }}": [
        "name params .a guarded",
        "test defined",
        "name params .a guarded",
    ],
    "{{ get_pipe_result('a').x | default(1) }}": [
        "call get_pipe_result 1",
        "step get_pipe_result 'a' .x guarded",
        "filter default",
    ],
    "{% if params.a is defined and x %}{{ params.a }}{% else %}{{ params.a }}"
    "{% endif %}{{ params.a }}": [
        "name params .a guarded",
        "test defined",
        "name x",
        "name params .a guarded",
        "name params .a",
        "name params .a",
    ],
    "{% if a is not defined %}{{ a }}{% elif b %}{{ a }}{% else %}{{ a }}{% endif %}": [
        "name a guarded",
        "test defined",
        "name a",
        "name b",
        "name a guarded",
        "name a guarded",
    ],
    # names of the template's own
    "{{ label }}{% set label = item.label %}{{ label }}": [
        "name label",
        "name item .label",
    ],
    "{%- set label = pipe_result('classify','label') -%}\n"
    "{%- set mapped = (params['map'] or {}).get(label, label) -%}\n"
    "{{ mapped if label else params['low'] }}\n": [
        "call pipe_result 2",
        "step pipe_result 'classify' 'label'",
        "name params .map",
        "name params .low",
    ],
    "{% for t in tickets if t.open %}{{ t.id ~ loop.index }}{% else %}{{ t }}"
    "{% endfor %}{{ loop }}": ["name tickets", "name t", "name loop"],
    "{% for k, v in item.items() %}{{ k ~ v }}{% endfor %}": ["name item"],
    "{% if x %}{% set y = 1 %}{% endif %}{{ y }}": ["name x"],
    "{% for x in a %}{% set y = 1 %}{% endfor %}{{ y }}": ["name a", "name y"],
    "{% set y %}{{ a }}{% set z = 1 %}{% endset %}{{ y ~ z }}": ["name a", "name z"],
    "{% macro m(a, b=c) %}{{ a ~ b ~ d ~ varargs }}{% endmacro %}{{ m(e) }}{{ a }}": [
        "name c",
        "name d",
        "name e",
        "name a",
    ],
    "{% with x = y %}{{ x }}{% endwith %}{{ x }}": ["name y", "name x"],
    "{% set ns = namespace(n=0) %}{% set ns.n = 1 %}{% set other.n = 2 %}{{ ns.n }}": [
        "call namespace 0 n=",
        "name other",
    ],
    "{% filter upper %}{{ a }}{% endfilter %}": ["filter upper", "name a"],
    "{% call(u) m(a) %}{{ u }}{{ caller }}{% endcall %}": ["call m 1", "name a"],
    # text, comments and raw blocks are no references
    "a {# {{ b }} #} c {% raw %}{{ d }}{% endraw %} {{ e }}": ["name e"],
}


@pytest.mark.parametrize("text", CASES)
def test_references(text: str) -> None:
    expression = parse(text)
    assert expression.problem is None
    assert [word(r, text) for r in expression.references] == CASES[text]


def test_kinds_have_places_of_their_own() -> None:
    text = "{{ secret('s') ~ variable('v') ~ get_parent_param('p') ~ env.E }}"
    assert [r for r in parse(text).references if not isinstance(r, CallReference)] == [
        SecretReference(3, 9, Segment("s", 11, 12)),
        VariableReference(17, 25, Segment("v", 27, 28)),
        ParentParamReference(33, 49, Segment("p", 51, 52)),
        EnvReference(57, 60, Segment("E", 61, 62)),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{{- a -}}", 4),
        ("x  \n {{- a -}} \n {{ 1 }}", 9),
        ("{#- c -#}\n\n  {{ a }}", 16),
        ("{% raw -%}  {{ x }} {%- endraw %} {{ a }}", 37),
        ("{% if 1 -%}\n\n{{ a }}{%- endif %}", 16),
        ("line\r\nline\r{{ a }}\r\n", 14),
        ("\u202e\U0001f600ü\x00 {{ a }}", 8),
        ("{{ '\\'}}' ~ a }}", 12),
        ("{{\n  'x'\n  ~ a }}\n", 13),
    ],
)
def test_white_space_and_line_breaks_do_not_move_places(text: str, place: int) -> None:
    (reference,) = parse(text).references
    assert (reference.start, reference.end) == (place, place + 1)
    assert text[place] == "a"


def test_an_escape_is_decoded_and_its_place_is_as_written() -> None:
    text = r"{{ has_failed('a\x62c' 'd') }}"
    _, step = parse(text).references
    assert isinstance(step, StepReference)
    assert step.step == Segment("abcd", 15, 25)
    assert text[15:25] == r"a\x62c' 'd"


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("{{ a }}", True),
        ("{{a}}", True),
        ("{{- a -}}", True),
        ("  {{ a }}\n", True),
        ("{{ {'a': '}}'} }}", True),
        ("{{ a }}\n\n", True),
        ("{{ a }} {{ b }}", False),
        ("{{ a }}{{ b }}", False),
        ("{{ a }}.", False),
        ("{{ a }}{# note #}", False),
        ("{# note #}{{ a }}", False),
        ("{% set x = 1 %}{{ x }}", False),
        ("{% if a %}{{ a }}{% endif %}", False),
        ("{{ a }}{% raw %}}}{% endraw %}", False),
        ("{{ a }} }}", False),
        ("plain", False),
        ("", False),
        ("${NAME} { {a} }", False),
    ],
)
def test_one_expression_amid_white_space_is_single(text: str, single: bool) -> None:
    expression = parse(text)
    assert expression.problem is None
    assert expression.single is single


@pytest.mark.parametrize("text", ["", "plain", "${NAME}", "{x}", "} }", "{", "a {"])
def test_plain_text_refers_to_nothing(text: str) -> None:
    assert parse(text) == ParsedExpression(text)
