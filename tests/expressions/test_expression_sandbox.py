"""What expressions cannot do."""

import time

import pytest

from otac.expressions.environment import ExpressionError, compile_value


def plain_function() -> str:
    return "called"


class Service:
    """A service with something to hide, as a component could return one."""

    name = "helpdesk"
    _token = "hunter2"


SCOPE = {
    "config": {"queues": ["a"], "map": {"a": 1}},
    "function": plain_function,
    "service": Service(),
    "big": 1_000_000_000,
}


def refused(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        compile_value(text)(SCOPE)
    return str(caught.value).removeprefix(f"`{text}`: ")


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("''.__class__", "__class__"),
        ("''['__class__']", "__class__"),
        ("'' | attr('__class__')", "__class__"),
        ("[''] | map(attribute='__class__') | list", "__class__"),
        ("['']|sort(attribute='__class__.__mro__')", "__class__"),
        ("config.__init__", "__init__"),
        ("config.__class__.__mro__[1].__subclasses__()", "__class__"),
        ("function.__globals__", "__globals__"),
        ("function.__globals__['SCOPE']", "__globals__"),
        ("service._token", "_token"),
        ("service | attr('_token')", "_token"),
        ("'{0._token}'.format(service)", "_token"),
        ("'{s._token}'.format_map({'s': service})", "_token"),
        ("('{0.__class__}' | string).format(service)", "__class__"),
        ("self.__init__.__globals__", "__init__"),
        ("self._TemplateReference__context", "_TemplateReference__context"),
        ("cycler.__init__.__globals__.os", "__init__"),
        ("joiner.__init__", "__init__"),
        ("namespace.__init__", "__init__"),
        ("dict.__base__", "__base__"),
        ("range.__class__", "__class__"),
        ("get_at.__globals__", "__globals__"),
        ("(function | string).__class__", "__class__"),
        ("config.queues.append('b')", "append"),
        ("config.map.update({'b': 2})", "update"),
        ("config.map.pop('a')", "pop"),
        ("config.queues.clear()", "clear"),
    ],
)
def test_attributes_are_refused(expression: str, name: str) -> None:
    message = f"`{name}` is not open to expressions"
    assert refused(f"{{{{ {expression} }}}}") == message
    assert refused(f"text {{{{ {expression} }}}}") == message


def test_nothing_was_changed() -> None:
    assert SCOPE["config"] == {"queues": ["a"], "map": {"a": 1}}


@pytest.mark.parametrize("name", ["lipsum", "self", "cycler", "joiner", "namespace"])
def test_jinjas_own_objects_are_no_values(name: str) -> None:
    message = refused(f"{{{{ {name} }}}}")
    assert message.startswith(
        (
            "`lipsum` is not defined",
            "the value is Jinja's own",
            "the value is a function",
        )
    )


@pytest.mark.parametrize(
    "statement",
    [
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% extends '/etc/passwd' %}",
        "{% from '/etc/passwd' import x %}",
    ],
)
def test_there_are_no_files(statement: str) -> None:
    assert refused(statement) == "no loader for this environment specified"


WIDTH = "a width or count is at most 10000"
FORMAT = "a width stands in the format as a number"
REPEAT = "`*` would repeat the value too often"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'x' * big", REPEAT),
        ("big * 'x'", REPEAT),
        ("'x' * 10 ** 9", REPEAT),
        ("[1] * big", REPEAT),
        ("(1, 2) * big", REPEAT),
        ("'x'.encode() * big", REPEAT),
        ("2 ** big", "`**` would make too large a number"),
        ("2 ** 4000 * 2 ** 4000 * 2 ** 4000", "`*` would make too large a number"),
        ("'%1000000000d' % 1", WIDTH),
        ("'%.1000000000f' % 1", WIDTH),
        ("'%(a)1000000000s' % {'a': 1}", WIDTH),
        ("'%*d' % (big, 1)", FORMAT),
        ("'%1000000000d'.encode() % 1", WIDTH),
        ("'%1000000000d' | format(1)", WIDTH),
        ("'{:1000000000}'.format(1)", WIDTH),
        ("'{:{}}'.format(1, big)", FORMAT),
        ("'{a:>1000000000}'.format_map({'a': 1})", WIDTH),
        ("'x'.center(big)", WIDTH),
        ("'x'.zfill(big)", WIDTH),
        ("'\\t'.expandtabs(big)", WIDTH),
        ("(1).to_bytes(big, 'big')", WIDTH),
        ("'x' | center(big)", WIDTH),
        ("'x' | center(width=big)", WIDTH),
        ("['x'] | map('center', big) | list", WIDTH),
        ("'x\\ny' | indent(big)", WIDTH),
        ("1.5 | round(big, 'ceil')", WIDTH),
        ("[1] | batch(big, 'x') | list", WIDTH),
        ("[1] | slice(big) | list", WIDTH),
        ("[1] | tojson(indent=big)", WIDTH),
        (
            "range(big)",
            "range too big. The sandbox blocks ranges larger than MAX_RANGE (100000)",
        ),
        ("nest_at(1, 'a' ~ '.a' * 200)", "a path has at most 100 parts"),
    ],
)
def test_huge_results_are_refused(expression: str, message: str) -> None:
    assert refused(f"{{{{ {expression} }}}}") == message


def test_a_huge_text_is_refused() -> None:
    loops = "{% for a in range(900) %}{% for b in range(999) %}0123456789 12"
    text = loops + "{% endfor %}{% endfor %}"
    with pytest.raises(ExpressionError, match=r"longer than 10000000 characters$"):
        compile_value(text)({})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'-' * 40", "-" * 40),
        ("big * 2", 2_000_000_000),
        ("2 ** 10", 1024),
        ("2 ** -1", 0.5),
        ("2.5 * 2", 5.0),
        ("big % 7", 1_000_000_000 % 7),
        ("'%05d' % 7", "00007"),
        ("'100 %%' % ()", "100 %"),
        ("'%s: %.1f' | format('a', 0.25)", "a: 0.2"),
        ("'{:.0%}'.format(0.87)", "87%"),
        ("'{}'.format(big)", "1000000000"),
        ("big | round(2)", 1_000_000_000),
        ("big | tojson", "1000000000"),
        ("'a-b'.split('-')", ["a", "b"]),
        ("function()", "called"),
        ("service.name", "helpdesk"),
        ("{'_id': 1}._id", 1),
        ("config.map.get('b', 0)", 0),
    ],
)
def test_ordinary_use_is_not(expression: str, value: object) -> None:
    assert compile_value(f"{{{{ {expression} }}}}")(SCOPE) == value


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for a in [1] recursive %}{{ loop([a, a]) }}{% endfor %}",
        "{{ range(99999) | map('list') | list }}",
        "{{ ('x' * 1000000) | replace('x', 'y' * 1000000) }}",
        "{{ ('x' * 1000000).replace('x', 'y' * 1000000) }}",
        "{{ (['x' * 1000000] * 1000) | join }}",
        "{{ range(99999) | join('x' * 1000000) }}",
        "{{ ('x' * 1000000).join(['y'] * 1000000) }}",
        "{{ ('x' * 1000000).translate({120: 'y' * 1000000}) }}",
        "{{ ('\\t' * 1000000).expandtabs(10000) }}",
        "{{ range(99999) | map('string') | map('center', 9999) | list }}",
        "{% set a = namespace(b='x') %}{% for i in range(60) %}{% set a.b = a.b ~ a.b %}{% endfor %}",
        "{% set a = namespace(b='x') %}{% for i in range(60) %}{% set a.b = a.b + a.b %}{% endfor %}",
        "{% set a = namespace(b=['x']) %}{% for i in range(60) %}{% set a.b = a.b + a.b %}{% endfor %}",
        "{% set a = namespace(b='x') %}{% for i in range(60) %}{% set a.b = [a.b, a.b] %}{% endfor %}{{ a.b }}",
        "{% set a = namespace(b='x') %}{% for i in range(60) %}{% set a.b = {1: a.b, 2: a.b} %}{% endfor %}{{ a.b | tojson }}",
        "{{ 1e999 }}",
        "{% set a %}{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}{% endset %}",
        "{% filter upper %}{% for i in range(99999) %}{{ 'x' * 10000 }}{% endfor %}{% endfilter %}",
    ],
)
def test_nothing_grows_without_end(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(ExpressionError):
        compile_value(text)({})
    assert time.process_time() - begun < 10


def test_the_budget_is_one_evaluation_s_own() -> None:
    text = "{% for a in range(90000) %}{% endfor %}{{ 'x' * 900000 ~ 'y' }}"
    assert {len(compile_value(text)({})) for _ in range(20)} == {900_001}


def test_a_loop_still_knows_its_length_and_its_end() -> None:
    text = "{% for a in [1, 2] | map('string') %}{{ loop.length }}{{ loop.last }}{% endfor %}"
    assert compile_value(text)({}) == "2False2True"
