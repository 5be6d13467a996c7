"""No text of a configuration becomes more than text."""

import ast

from formatters import assert_formatted
from hypothesis import given, settings
from hypothesis import strategies as st
from ir import (
    SPAN,
    Jinja,
    every,
    notification,
    parameter,
    project,
    runner,
    service,
    step,
)

from otac.emit import emit
from otac.lower.project import Hooks, NotificationHook, Project

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("\"'\\\n\r\0\u202e\u2028{}%#(), "),
    ),
    max_size=150,
)


def project_with(text: str) -> Project:
    """A project that has the text wherever a configuration can have any text."""
    return project(
        runner(
            "say",
            step(
                "say",
                "otac.components:Expression",
                {"a": text, "b": Jinja(text), "c": [{text: [text, Jinja(text)]}]},
                tags=(text,),
                when=Jinja(text),
                for_each=[text],
                depends_on=(text,),
                injects={"service": text},
            ),
            description=text,
            parameters=(
                parameter("text", "str", text),
                parameter("texts", "list[Any]", [text]),
            ),
            schedules=(every(60.0, parameters={"text": text}),),
            config={text: text},
            tags=(text,),
            hooks=Hooks((NotificationHook("ops"),), (), ()),
        ),
        services=(service(text, "acme:Service", {"a": Jinja(text)}),),
        notifications=(
            notification(
                *("ops", "slack"),
                in_flow=True,
                subject=text,
                message=text,
                settings={"url": text, "to": Jinja(text)},
            ),
        ),
        log_level=text,
        source=text,
    )._replace(
        name=text,
    )


def shape(source: str) -> str:
    """The syntax tree without the texts in it, and without names made from them."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str()):
                node.value = ""
            case ast.FunctionDef():
                node.name = ""
            case ast.Attribute(value=ast.Name(id="services")):
                node.attr = ""
            case ast.Call(keywords=keywords):
                # A subject is a template only if there is Jinja in it.
                for argument in keywords:
                    if argument.arg in ("subject", "message"):
                        argument.value = ast.Constant("")
    return ast.dump(tree)


PLAIN = {
    artifact.path: shape(artifact.text)
    for artifact in emit(project_with("plain")).artifacts
}


@given(TEXTS.filter(bool))
@settings(max_examples=150, deadline=None)
def test_every_text_gives_the_same_code(text: str) -> None:
    artifacts = emit(project_with(text)).artifacts
    assert {a.path: shape(a.text) for a in artifacts} == PLAIN


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    (module,) = (a for a in emit(project_with(text)).artifacts if "say" in a.path)
    calls: dict[str, ast.Call] = {
        ast.unparse(node.func): node
        for node in ast.walk(ast.parse(module.text))
        if isinstance(node, ast.Call)
    }
    arguments = {
        name: {k.arg: k.value for k in call.keywords} for name, call in calls.items()
    }
    assert ast.literal_eval(arguments["run.call"]["a"]) == text
    if text:
        assert ast.literal_eval(arguments["flow"]["description"]) == text
    assert ast.literal_eval(arguments["task"]["tags"]) == [text]
    assert ast.literal_eval(arguments["Run"]["config"]) == {text: text}
    assert ast.literal_eval(arguments["notify"]["url"]) == text
    template = arguments["run.call"]["b"]
    assert isinstance(template, ast.Call)
    assert ast.literal_eval(template.args[0]) == text


@given(TEXTS)
@settings(max_examples=10, deadline=None)
def test_formatters_change_nothing(text: str) -> None:
    for artifact in emit(project_with(text)).artifacts:
        assert_formatted(artifact.text)


@given(TEXTS)
def test_output_can_be_written(text: str) -> None:
    for artifact in emit(project_with(text)).artifacts:
        artifact.text.encode()
        assert artifact.text.endswith("\n")
        assert "\r" not in artifact.text


def test_places_in_the_configuration_are_not_in_the_output() -> None:
    moved = project_with("plain")._replace(
        runners=tuple(
            each._replace(origin=SPAN._replace(start=9, end=99))
            for each in project_with("plain").runners
        ),
    )
    assert emit(moved) == emit(project_with("plain"))
