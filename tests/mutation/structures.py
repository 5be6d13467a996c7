"""Configurations whose structure was damaged: nodes swapped, numbers at every limit, names given twice.

`fuzzing` damages bytes, and mostly makes what the reader of YAML refuses. Here the text is always YAML that can be read, so that every later stage gets its share.
"""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias, cast

from otac.source import read
from otac.source.document import Document, Json


class Raw(str):
    """A scalar exactly as it is to stand in the file."""

    __slots__ = ()


Data: TypeAlias = "Json | Raw"

# In the order of the ends that they lie beyond: nothing, a list of steps, an index, a
# float's whole numbers, a timedelta, a float, the digits that Python reads.
NUMBERS = tuple(
    Raw(text)
    for text in (
        *("0", "-0", "1", "-1", "-5", "1.7", "0.5", "true", "false", "null", "~"),
        *("2147483648", "-9223372036854775809", "18446744073709551616", "1e22"),
        *("9007199254740993", "1000000000000", "3153600000", "3153600001", "86400e9"),
        *("1e308", "-1e308", "1e309", "1e999", ".inf", "-.inf", ".nan", "5e-324"),
        *("9" * 309, "-" + "9" * 400, "9" * 4300, "9" * 4301, "-" + "9" * 5000),
        *("0x" + "f" * 4000, "0o" + "7" * 3000, "0." + "0" * 5000 + "1", "1e-400"),
        *('"' + "9" * 400 + '"', '"' + "9" * 5000 + '"', '"' + "9" * 400 + 's"'),
        *('"1e400"', '"nan"', '"inf"', '"-1"', '"1_000"', '"٣"', '"-5s"', '"1e9h"'),
        *('"P' + "9" * 400 + 'D"', '"PT1S"', '"1w2d3h4m5s6ms"', '"{{ 1 }}"', '"{{ 1"'),
        "2026-01-01",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "12:30:45",
    )
)
_TEXTS = tuple(
    Raw(json.dumps(text, ensure_ascii=False))
    for text in (
        *("", " ", "\n", ".", "..", "../x", "/", "/etc/passwd", "a/b", "a\\b", "C:x"),
        *("con", "nul", "a" * 300, "a" * 5000, "é" * 300, "\u202e", "\u2028", "\ufeff"),
        *("x:y", ":", "x:", ":y", "base:", "base:X", "os:system", "a.b:c.d", "class:f"),
        *("__import__", "_", "-", "None", "self", "import", "group", "item", "params"),
        *("* * * * *", "0 0 30 2 *", "*/0 * * * *", "99 * * * *", "0 0 * * fri#6"),
        *("0 0 1 1 * 0 1970", "@yearly", "0 0 L * *", "1-0 * * * *", "9" * 400),
        *("FREQ=SECONDLY", "FREQ=DAILY;COUNT=0", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        *("FREQ=DAILY;INTERVAL=" + "9" * 400, "FREQ=DAILY;UNTIL=00010101T000000Z"),
        *("DTSTART:99991231T235959Z\nRRULE:FREQ=SECONDLY", "RDATE:20260101T000000Z"),
        *("Europe/Berlin", "../../etc/passwd", "UTC+25", "Etc/GMT+12", "posixrules"),
        *("http://u:p/w@h/x", "http://[::1", "http://h:99999/", "https://h", "://"),
        *(
            "http://a b/",
            "file:///etc/passwd",
            "{{ env.X }}",
            "$X",
            "${X}",
            "{{ ctx }}",
        ),
    )
)
_EXPRESSIONS = (
    *("{{", "}}", "{{ }}", "{{ x", "{% if %}", "{% endfor %}", "{% raw %}{{", "{# x"),
    "{{ get_pipe_result('group') }}",
    "{{ get_pipe_result('a', 'b').c['d'] }}",
    "{{ get_pipe_result(get_pipe_result('a')) }}",
    "{{ get_pipe_result() }}",
    "{{ get_pipe_result(*[1], **{}) }}",
    "{{ has_failed('a') and has_succeeded('b') }}",
    "{{ get_parent_param('x') }}",
    "{{ params.x + config.y ~ parent.params.z ~ parent.parent.parent.x }}",
    "{{ item.a.b.c ~ index ~ env.X ~ env['Y'] }}",
    "{{ secret('x') ~ variable(1) ~ get_env() }}",
    "{{ " + "9" * 400 + " }}",
    "{{ " + "9" * 5000 + " }}",
    "{{ 1e999 - 1e999 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 'a' * 10**9 }}",
    "{{ range(10**9) | list }}",
    "{{ [" + "1," * 3000 + "] }}",
    "{{ " + " + ".join(["1"] * 3000) + " }}",
    "{{ " + " and ".join(["x"] * 3000) + " }}",
    "{{ " + " if 1 else ".join(["1"] * 300) + " }}",
    "{{ " + " ~ ".join(["'a'"] * 3000) + " }}",
    "{{ " + " < ".join(["1"] * 3000) + " }}",
    "{{ " + "x" + " | upper" * 500 + " }}",
    "{{ " + "x" + ".a" * 2000 + " }}",
    "{{ " + "x" + "['a']" * 2000 + " }}",
    "{{ " + "x" + "()" * 500 + " }}",
    "{{ " + "not " * 2000 + "x }}",
    "{{ " + "-" * 2000 + "1 }}",
    "{{ " + "(" * 200 + ")" * 200 + " }}",
    "{{ " + "[" * 2000 + " }}",
    "{{ " + "1 ** " * 500 + "1 }}",
    "{{ x is defined is defined and x is not none }}",
    "{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a in range(9) %}" * 12 + "x" + "{% endfor %}" * 12,
    "{% for a in range(9) %}" * 40 + "x" + "{% endfor %}" * 40,
    "{% macro m(a, b=1) %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}",
    "{% set a, b = 1, 2 %}{% call(x) m() %}{% endcall %}",
    "{% if x %}{% elif y %}{% else %}" + "{% endif %}",
    "{% if 1 %}" * 300 + "{% endif %}" * 300,
    "{% if a %}" + "{% elif a %}" * 2000 + "{% endif %}",
    "{{ {} }}{{ {'a': {1: 2}} }}{{ {[]: 1} }}",
    "{{ '%99999999d' % 1 }}{{ '{:>99999999}'.format(1) }}",
    "{{ loop.index }}{{ self }}{{ super() }}{{ varargs }}{{ caller }}",
    "{{ stop() }}{{ fail(1, 2) }}{{ stop('a')('b') }}",
    "{{ 'a' 'b' 'c' }}{{ \"\\x00\\ud800\" }}",
    "{{ true.real.imag }}{{ none.x }}{{ 1.0.x }}{{ 'x'.format.y }}",
    "\n".join(["{{ x }}"] * 500),
    "{{ x" * 500,
)
# Words of the language, today's and older, for keys that stand where nobody wants them.
_KEYS = (
    *("id", "use", "if", "for_each", "max_concurrency", "steps", "params", "injects"),
    *("depends_on", "retries", "retry_delay_seconds", "retry_backoff_factor", "tags"),
    *("retry_max_delay_seconds", "retry_jitter_factor", "timeout_seconds", "on_error"),
    *("pipe_id", "pipe", "interval_seconds", "cron", "rrule", "timezone", "schedules"),
    *("after", "on", "triggers", "anchor_date", "day_or", "active", "parameters", "<<"),
    *("work_pool", "work_queue", "job_variables", "concurrency_limit", "collision"),
    *("flow_retries", "flow_timeout_seconds", "on_failure", "on_completion", "hooks"),
    *(
        "retry",
        "timeout",
        "concurrency",
        "priority",
        "run_every_milli_seconds",
        "pipes",
    ),
    *("pipe_name", "pipelines", "services", "notifications", "aliases", "defaults"),
    *("open_ticket_ai", "orchestrator", "runners", "name", "description", "resident"),
    *("infrastructure", "general_config", "plugins", "defs", "class_name", "settings"),
    *(
        "x-mine",
        "",
        " ",
        "\u00e9",
        "1",
        "null",
        "a.b",
        "a-b",
        "class",
        "window_seconds",
    ),
)
_KINDS: tuple[Data, ...] = (
    *(Raw(text) for text in ("null", "true", "0", '""', '"x"', "[]", "{}", "[[]]")),
    [Raw("null")],
    [{}],
    {"x": Raw("null")},
    {"use": "Expression", "expression": 1},
    {"id": "group", "steps": []},
)


def plain_trees(files: Iterator[Path]) -> list[Json]:
    """What the files say, of those that can be read."""
    trees = []
    for file in files:
        document = read(file.name, file.read_bytes())
        if isinstance(document, Document):
            trees.append(document.root.plain())
    return trees


def damaged_trees(trees: list[Json], count: int, seed: str) -> Iterator[bytes]:
    """`count` configurations, the same ones for the same seed."""
    chance = random.Random(seed)
    fragments = [part for tree in trees for part in _parts(tree)]
    for _ in range(count):
        tree = _damaged(trees, chance, fragments)
        yield "".join(_lines(tree, 0)).encode("utf-8", "surrogatepass")


def damaged_json(trees: list[Json], count: int, seed: str) -> Iterator[bytes]:
    """The same as JSON, as far as what was put in is any."""
    chance = random.Random(seed)
    fragments = [part for tree in trees for part in _parts(tree)]
    for _ in range(count):
        tree = _damaged(trees, chance, fragments)
        yield _flow(tree).encode("utf-8", "surrogatepass")


def some_text(chance: random.Random) -> str:
    """A number at a limit, an odd text, an expression or a key."""
    some = chance.choice((NUMBERS, _TEXTS, _EXPRESSIONS, _KEYS))
    return str(chance.choice(some))


def _damaged(trees: list[Json], chance: random.Random, fragments: list[Data]) -> Data:
    tree = _copy(chance.choice(trees))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 6))):
        _damage(tree, chance, fragments)
        if _depth(tree) > _DEEPEST:
            return _damaged(trees, chance, fragments)
    return tree


def _depth(tree: Data) -> int:
    levels, layer = 0, [tree]
    while layer:
        levels += 1
        layer = [inner for data in layer for inner in _inside(data)]
    return levels


def _inside(tree: Data) -> Iterable[Data]:
    if isinstance(tree, dict):
        return tree.values()
    return tree if isinstance(tree, list) else ()


# Beyond it, writing the tree down would exceed Python's own depth.
_DEEPEST = 300


class _Slot:
    """A place in a tree that can hold something else."""

    __slots__ = ("key", "owner")

    def __init__(self, owner: "dict[str, Data] | list[Data]", key: "str | int") -> None:
        self.owner = owner
        self.key = key

    @property
    def value(self) -> Data:
        return self.owner[self.key]  # type: ignore[index, return-value]

    def put(self, value: Data) -> None:
        self.owner[self.key] = value  # type: ignore[index, call-overload]


def _slots(tree: Data) -> Iterator[_Slot]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield _Slot(cast("dict[str, Data]", tree), key)
            yield from _slots(value)
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield _Slot(cast("list[Data]", tree), index)
            yield from _slots(item)


def _damage(tree: Data, chance: random.Random, fragments: list[Data]) -> None:
    slots = list(_slots(tree))
    if not slots:
        return
    one, other = chance.choice(slots), chance.choice(slots)
    match chance.randrange(14):
        case 0:  # nodes change places
            mine, theirs = _copy(one.value), _copy(other.value)
            one.put(theirs)
            other.put(mine)
        case 1:  # a node of another file
            one.put(_copy(chance.choice(fragments)))
        case 2 | 3:
            numbers = [slot for slot in slots if _is_number(slot.value)]
            chance.choice(numbers or slots).put(chance.choice(NUMBERS))
        case 4:
            one.put(chance.choice(NUMBERS))
        case 5:
            one.put(chance.choice(_TEXTS))
        case 6:
            one.put(chance.choice(_EXPRESSIONS))
        case 7:
            one.put(_copy(chance.choice(_KINDS)))
        case 8:  # the same again, with what refers to it
            lists = [slot for slot in slots if isinstance(slot.owner, list)]
            twice = chance.choice(lists or slots)
            if isinstance(twice.owner, list):
                twice.owner.insert(
                    chance.randrange(len(twice.owner) + 1), _copy(twice.value)
                )
        case 9:  # a name that something else has
            named = [slot for slot in slots if slot.key in _NAMING]
            if named:
                chance.choice(named).put(_copy(chance.choice(named).value))
        case 10:
            _put_key(chance, slots, chance.choice(_KEYS), fragments)
        case 11:
            _put_key(chance, slots, None, fragments)
        case 12:
            if isinstance(one.owner, dict):
                del one.owner[str(one.key)]
            elif isinstance(one.key, int):
                del one.owner[one.key]
        case _:
            deep = _copy(one.value)
            for _ in range(chance.choice((1, 2, 45, 120))):
                deep = _wrapped(deep, chance)
            one.put(deep)


_NAMING = (
    "id",
    "pipe_id",
    "name",
    "use",
    "pipe_name",
    "after",
    "depends_on",
    "injects",
)


def _put_key(
    chance: random.Random,
    slots: list[_Slot],
    key: str | None,
    fragments: list[Data],
) -> None:
    owners = [slot.owner for slot in slots if isinstance(slot.owner, dict)]
    if not owners:
        return
    owner = chance.choice(owners)
    if key is None:  # another name for what is there
        old = chance.choice(list(owner) or [""])
        owner[chance.choice(_KEYS)] = owner.pop(old, None)
        return
    match chance.randrange(4):
        case 0:
            owner[key] = chance.choice(NUMBERS)
        case 1:
            owner[key] = _copy(chance.choice(fragments))
        case 2:
            owner[key] = chance.choice(_TEXTS)
        case _:
            owner[key] = _copy(chance.choice(_KINDS))


def _wrapped(value: Data, chance: random.Random) -> Data:
    match chance.randrange(3):
        case 0:
            return [value]
        case 1:
            return {chance.choice(_KEYS): value}  # type: ignore[dict-item]
        case _:
            return {"id": "group", "steps": [value]}  # type: ignore[list-item]


def _is_number(value: Data) -> bool:
    return isinstance(value, int | float) or (
        isinstance(value, str) and value[:1].isdigit()
    )


def _parts(tree: Data) -> Iterator[Data]:
    yield tree
    for slot in _slots(tree):
        yield slot.value


def _copy(tree: Data) -> Data:
    if isinstance(tree, dict):
        return {key: _copy(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_copy(item) for item in tree]
    return tree


def _lines(tree: Data, depth: int) -> Iterator[str]:
    """The tree in block style, or in flow style where it is deep."""
    indent = "  " * depth
    if depth > 30 or not isinstance(tree, dict | list) or not tree:
        yield f"{indent}{_flow(tree)}\n"
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield f"{indent}{json.dumps(key, ensure_ascii=False)}:"
            yield from _below(value, depth)
    else:
        for item in tree:
            yield f"{indent}-"
            yield from _below(item, depth)


def _below(value: Data, depth: int) -> Iterator[str]:
    if isinstance(value, dict | list) and value and depth <= 30:
        yield "\n"
        yield from _lines(value, depth + 1)
    else:
        yield f" {_flow(value)}\n"


def _flow(tree: Data) -> str:
    if isinstance(tree, Raw):
        return tree
    if isinstance(tree, dict):
        inside = ", ".join(
            f"{json.dumps(key, ensure_ascii=False)}: {_flow(value)}"
            for key, value in tree.items()
        )
        return f"{{{inside}}}"
    if isinstance(tree, list):
        return f"[{', '.join(map(_flow, tree))}]"
    if isinstance(tree, float):
        return repr(tree).replace("inf", ".inf").replace("nan", ".nan")
    return json.dumps(tree, ensure_ascii=False)
