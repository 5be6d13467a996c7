"""Templates for the property tests: hostile text, near misses, and valid ones."""

from hypothesis import settings
from hypothesis import strategies as st

thorough = settings(max_examples=500, deadline=None)

_WORDS = [
    *("{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "\r", "\r\n", "\x00"),
    *("if", "else", "elif", "endif", "for", "endfor", "in", "set", "endset", "raw"),
    *("endraw", "macro", "endmacro", "call", "with", "block", "include", "import"),
    *("autoescape", "print", "true", "none", "not", "and", "or", "is", "defined"),
    *("default", "length", "params", "env", "item", "x", "namespace", "has_failed"),
    *("'a'", '"b"', "'a' 'b'", "'", '"', "(", ")", "[", "]", "{", "}", ".", ",", ":"),
    *("|", "~", "=", "==", "!=", ">", "*", "**", "//", "%", "&&", "||", "!", "?", "\\"),
    *("0", "1.5", "007", "1e5", "0x1f", "1_0", "1\u0663", "é", "“", "😀"),
    *("{{ x }}", "{% if x %}", "{% endif %}", "get_env('A')", "f(a=1)", "__class__"),
]
_STRINGS = st.sampled_from(
    ["'a'", '"b"', "'a b'", "'}}'", "'{{'", "'é'", "''", r"'\''"]
)
_NAMES = st.sampled_from(["params", "config", "env", "item", "x", "loop", "if", "true"])
_CONSTANTS = st.one_of(_STRINGS, st.sampled_from(["1", "0.8", "-1", "none", "true"]))


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def made(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda chosen: template.format(*chosen))

    operators = st.sampled_from(["==", "!=", ">=", "+", "~", " and ", " or ", " in "])
    filters = st.sampled_from(["length", "default('x')", "d", "map(attribute='a')"])
    tests = st.sampled_from(
        ["defined", "not defined", "none", "divisibleby 3", "in [1]"]
    )
    return st.one_of(
        made("{}.{}", inner, _NAMES),
        made("{} . {}", inner, _NAMES),
        made("{}[{}]", inner, st.one_of(_STRINGS, inner)),
        made("({})", inner),
        made("( {} )", inner),
        made("{}{}{}", inner, operators, inner),
        made("{} == {}", inner, _CONSTANTS),
        made("{} | {}", inner, filters),
        made("{}|{}", inner, filters),
        made("{} is {}", inner, tests),
        made("not {}", inner),
        made("{} if {} else {}", inner, inner, inner),
        made("{} if {}", inner, inner),
        made("[{}, {}]", inner, inner),
        made("{{{}: {}}}", _STRINGS, inner),
        made("get_pipe_result({})", _STRINGS),
        made("pipe_result({}, {})", _STRINGS, _STRINGS),
        made("get_pipe_result({}, key={})", _STRINGS, inner),
        made("get_pipe_result({}, {}, default={})", inner, inner, inner),
        made("has_failed( {} )", _STRINGS),
        made("get_env({})", _STRINGS),
        made("secret({}, {})", _STRINGS, _STRINGS),
        made("lookup({}, a={})", inner, inner),
        made("{}.get({})", inner, inner),
    )


expressions = st.recursive(st.one_of(_NAMES, _CONSTANTS), _grow, max_leaves=8)
"""Expressions that Jinja can read, with a few that it cannot."""

outputs = st.tuples(
    st.sampled_from(["{{ {} }}", "{{{}}}", "{{- {} -}}", "  {{ {}\n}}\n"]), expressions
).map(lambda pair: pair[0].replace("{}", pair[1]))

templates = st.lists(
    st.one_of(
        outputs,
        st.sampled_from([" text ", "\n", "}} ", "{# c #}", "{% raw %}{{ {% endraw %}"]),
        outputs.map(lambda inner: f"{{% if x is defined %}}{inner}{{% endif %}}"),
        outputs.map(lambda inner: f"{{% for x in y %}}{inner}{{% endfor %}}"),
        expressions.map(lambda inner: f"{{% set x = {inner} %}}"),
    ),
    min_size=1,
    max_size=4,
).map("".join)

near_misses = st.tuples(
    st.sampled_from(["", "{{ ", "{% ", "{% if "]),
    st.lists(st.sampled_from(_WORDS), max_size=12).map("".join),
    st.lists(st.sampled_from(_WORDS), max_size=12).map(" ".join),
    st.sampled_from(["", " }}", " %}", "{% endif %}"]),
).map("".join)

anything = st.one_of(templates, near_misses, st.text())
