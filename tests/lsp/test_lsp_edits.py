"""What is answered right after an edit, over the pipes of a real `otac lsp`.

It must be what a server says that was started with the new text and has looked at it in
peace: nothing may come from a place where something else stands now.
"""

import random
from pathlib import Path
from typing import Any

import pytest
from editor import CURSOR, Editor, editing
from edits import edited, texts

QUESTIONS = (
    "hover",
    "definition",
    "completion",
    "prepareRename",
    "references",
    "documentSymbol",
)
LAYOUTS = ("plain", "dashes below the key", "aliases in runners", "anchors in runners")


def answers(editor: Editor, marked: str) -> dict[str, Any]:
    place = editor.place(marked)
    found = {}
    for name in QUESTIONS:
        params = dict(place)
        if name == "documentSymbol":
            del params["position"]
        if name == "references":
            params["context"] = {"includeDeclaration": True}
        found[name] = editor.ask(f"textDocument/{name}", params)
    return found


def interesting(chance: random.Random, text: str) -> int:
    """A place where there is something to ask for, mostly."""
    word = chance.choice(("get_pipe_result('", "id: ", "use: ", "has_failed('", "inj"))
    places = [at for at in range(len(text)) if text.startswith(word, at)]
    if not places or chance.random() < 0.3:
        return chance.randrange(len(text) + 1)
    return chance.choice(places) + len(word) + chance.randrange(3)


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_answers_right_after_any_edit(layout: str, tmp_path: Path) -> None:
    chance = random.Random(layout)
    told = 0
    with editing(tmp_path) as editor, editing(tmp_path) as other:
        text = sound = texts(4)[layout]
        editor.open(text)
        for _ in range(80):
            text = edited(chance, sound if chance.random() < 0.9 else text)
            if "\norchestrator:" not in text:
                # A file that was a configuration stays one while its key is changed.
                text = sound
            at = interesting(chance, text)
            marked = text[:at] + CURSOR + text[at:]
            editor.type(text)
            now = answers(editor, marked)
            other.open(text)
            in_peace = answers(other, marked)
            other.tell("textDocument/didClose", {"textDocument": {"uri": other.uri}})
            # Completion knows more here: from what the text was before it was broken.
            sound_now = bool(in_peace["documentSymbol"])
            if not sound_now:
                del now["completion"], in_peace["completion"]
            assert now == in_peace, marked
            told += sum(bool(one) for one in now.values())
            if sound_now:
                sound = text
    assert told > 60


BROKEN = "UpdateTiket"


def fixed(editor: Editor, at: dict[str, int]) -> list[tuple[str, str, Any]]:
    found = editor.ask(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": editor.uri},
            "range": {"start": at, "end": at},
            "context": {"diagnostics": []},
        },
    )
    return [
        (one["title"], editor.edited(one["edit"]["changes"][editor.uri]), one["edit"])
        for one in found
    ]


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["plain", "under a key"])
def test_fixes_right_after_any_edit(layout: str, tmp_path: Path) -> None:
    chance = random.Random(layout)
    offered = 0
    with editing(tmp_path) as editor:
        whole = texts(3)[layout].replace("use: UpdateTicket", f"use: {BROKEN}")
        for _ in range(40):
            editor.type(whole) if editor.text else editor.open(whole)
            while sum("Tiket" in one["message"] for one in editor.findings()) != 3:
                pass
            text = edited(chance, whole)
            editor.type(text)
            places = [at for at in range(len(text)) if text.startswith(BROKEN, at)]
            for place in places:
                at = editor.position(text, place + 2)
                for title, after, _edit in fixed(editor, at):
                    assert title == "Replace with `UpdateTicket`"
                    expected = text[:place] + "UpdateTicket"
                    assert after == expected + text[place + len(BROKEN) :]
                    offered += 1
            for place in range(0, len(text), 97):
                if text.find("Tiket", max(0, place - 12), place + 12) < 0:
                    at = editor.position(text, place)
                    assert "Replace with `UpdateTicket`" not in [
                        title for title, _, _ in fixed(editor, at)
                    ]
    assert offered > 80


def test_a_fix_moves_with_its_place_and_goes_when_it_is_touched(tmp_path: Path) -> None:
    whole = texts(3)["plain"].replace("use: UpdateTicket", f"use: {BROKEN}", 1)
    with editing(tmp_path) as editor:
        editor.open(whole)
        assert BROKEN in editor.findings()[0]["message"]
        text = f"# one more line\n{whole}"
        editor.type(text)
        at = editor.position(text, text.index(BROKEN) + 3)
        ((title, after, _),) = fixed(editor, at)
        assert title == "Replace with `UpdateTicket`"
        assert after == text.replace(BROKEN, "UpdateTicket")
        text = text.replace(BROKEN, "UpdateTikets")
        editor.type(text)
        assert fixed(editor, editor.position(text, text.index("Tikets"))) == []
