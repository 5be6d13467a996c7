"""`HuggingFaceClassifier` on models that the tests make. `make test-hf` runs these."""

import asyncio
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from model_hub import LABELS, Hub, MakeModel

from otac.components import (
    Asked,
    Classification,
    Classify,
    Fail,
    HuggingFaceClassifier,
    Problem,
    construct,
    invoke,
)
from otac.components.hugging_face import loading
from otac.components.hugging_face.loading import HubUnreachable

pytestmark = pytest.mark.hf

TOKEN = "hf_SecretSecretSecret"
TEXTS = ["invoice", "vpn vpn", "chair invoice", "", "unknown words only", "\ud800"]


def classifier(model: Path | str, **options: Any) -> HuggingFaceClassifier:
    return HuggingFaceClassifier(str(model), device="cpu", **options)


def reference(folder: Path, text: str) -> dict[str, float]:
    """What transformers' own pipeline makes of a text."""
    pipeline = transformers.pipeline(
        "text-classification", model=str(folder), device="cpu", top_k=None
    )
    return {each["label"]: each["score"] for each in pipeline([text])[0]}


def failure(model: Path | str, **options: Any) -> str:
    with pytest.raises(Fail) as caught:
        asyncio.run(classifier(model, **options).classify("text"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return str(caught.value)


def test_label_confidence_and_runners_up_are_those_of_the_model(model: Path) -> None:
    for text in ["invoice", "vpn vpn", "chair invoice"]:
        made = asyncio.run(classifier(model).classify(text))
        assert made.scores == pytest.approx(reference(model, text), abs=0.0002)
        assert list(made.scores.values()) == sorted(made.scores.values(), reverse=True)
        assert (made.label, made.confidence) == next(iter(made.scores.items()))
    assert len({asyncio.run(classifier(model).classify(t)).label for t in TEXTS}) == 3


def test_only_labels_that_were_asked_for_are_chosen_from(model: Path) -> None:
    whole = asyncio.run(classifier(model).classify("invoice"))
    wanted = list(whole.scores)[1:]
    asked = dict.fromkeys([*wanted, "Other"], "")
    made = asyncio.run(classifier(model).classify("invoice", labels=asked))
    assert made.label == wanted[0]
    assert made.scores == {label: whole.scores[label] for label in wanted}


def test_labels_that_the_model_does_not_have(model: Path) -> None:
    with pytest.raises(Fail, match="none of the labels asked for: `Billing`, `IT`,"):
        asyncio.run(classifier(model).classify("invoice", labels={"Other": ""}))


def test_each_label_by_itself(make_model: MakeModel) -> None:
    folder = make_model(problem_type="multi_label_classification")
    made = asyncio.run(classifier(folder).classify("invoice"))
    assert made.scores == pytest.approx(reference(folder, "invoice"), abs=0.0002)
    assert sum(made.scores.values()) != pytest.approx(1, abs=0.01)


def test_a_step_may_name_another_model(model: Path, make_model: MakeModel) -> None:
    other = make_model(problem_type="multi_label_classification")
    arguments = {"text": "vpn", "model_name": str(other)}
    result = asyncio.run(
        invoke(Classify, arguments | {"classification_service": classifier(model)})
    )
    assert result["scores"] == pytest.approx(reference(other, "vpn"), abs=0.0002)
    assert set(result) == {"label", "confidence", "scores", "target", "reason"}


def test_long_texts_are_cut_to_what_the_model_reads(model: Path) -> None:
    # Twelve positions, of which two are the model's own.
    cut = asyncio.run(classifier(model).classify("vpn " * 10))
    longer = asyncio.run(classifier(model).classify("vpn " * 10 + "invoice " * 5000))
    assert longer == cut


def test_texts_of_one_batch_do_not_change_each_other(model: Path) -> None:
    alone = [asyncio.run(classifier(model).classify(text)) for text in TEXTS]
    together = asyncio.run(classifier(model, batch_size=4).classify_all(TEXTS))
    for one, other in zip(alone, together, strict=True):
        assert other.label == one.label
        assert other.scores == pytest.approx(one.scores, abs=0.0002)


def test_texts_that_wait_go_through_the_model_together(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    known = loading.loaded(loading.ModelSource(str(model), None, "cpu", False))
    scores = known._scores

    def count(texts: list[str]) -> list[list[float]]:
        sizes.append(len(texts))
        return scores(texts)

    monkeypatch.setattr(known, "_scores", count)

    async def many() -> list[Classification]:
        service = classifier(model, batch_size=8)
        return await asyncio.gather(*(service.classify("vpn") for _ in range(40)))

    assert len(asyncio.run(many())) == 40
    assert sum(sizes) == 40
    assert max(sizes) <= 8
    asyncio.run(classifier(model, batch_size=16).classify_all(["vpn"] * 40))
    # Nothing else was waiting when the first came.
    assert sum(sizes) == 80
    assert len(sizes) < 40


def test_a_text_that_breaks_the_model_breaks_its_batch_and_no_more(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = loading.loaded(loading.ModelSource(str(model), None, "cpu", False))

    def fail(_: list[str]) -> list[list[float]]:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(known, "_scores", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            asyncio.run(classifier(model).classify("vpn"))
    assert asyncio.run(classifier(model).classify("vpn")).label in LABELS


def test_a_model_is_loaded_once_a_process(
    make_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_model()
    loads: list[str] = []
    load = transformers.AutoModelForSequenceClassification.from_pretrained

    def count(name: str, **options: Any) -> Any:
        loads.append(name)
        return load(name, **options)

    monkeypatch.setattr(
        transformers.AutoModelForSequenceClassification, "from_pretrained", count
    )
    spelt = [folder, folder.parent / ".." / folder.parent.name / folder.name]

    def ask(index: int) -> Classification:
        return asyncio.run(classifier(spelt[index % 2]).classify("vpn"))

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(ask, range(16)))
    assert len(loads) == 1
    assert {it.label for it in made} == {made[0].label}


def test_what_does_not_load_is_tried_again(make_model: MakeModel) -> None:
    folder = make_model()
    hidden = folder.rename(folder.parent / "hidden")
    assert "does not exist" in failure(folder)
    hidden.rename(folder)
    assert asyncio.run(classifier(folder).classify("vpn")).label in LABELS


def test_there_is_no_model_name() -> None:
    with pytest.raises(Fail, match="needs `model_name`, in the service or the step"):
        asyncio.run(HuggingFaceClassifier().classify("text"))


def test_a_folder_that_is_no_model(tmp_path: Path, make_model: MakeModel) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert failure(empty) == f"folder `{empty}` holds no model: it has no `config.json`"
    assert failure(file) == f"the model folder `{file}` is a file"
    missing = tmp_path / "no"
    assert failure(missing) == f"the model folder `{missing}` does not exist"
    assert failure("./no/such") == "the model folder `./no/such` does not exist"
    broken = make_model()
    (broken / "model.safetensors").write_bytes(b"not weights")
    assert failure(broken).startswith(f"model `{broken}` cannot be loaded: ")
    odd = make_model()
    (odd / "config.json").write_text("{}", encoding="utf-8")
    assert failure(odd).startswith(f"model `{odd}` cannot be loaded: ")
    without = make_model()
    (without / "model.safetensors").unlink()
    assert failure(without).startswith(f"model `{without}` cannot be loaded: ")


def test_a_model_that_was_not_trained_to_classify(make_model: MakeModel) -> None:
    folder = make_model("BertModel")
    assert failure(folder) == (
        f"model `{folder}` is not trained to classify texts: parts of it are missing"
        " (it was saved as BertModel)"
    )


def test_a_device_that_is_not_there(model: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    service = HuggingFaceClassifier(str(model), device="cuda")
    with pytest.raises(Fail, match="finds no `cuda` on this machine: write `device: a"):
        asyncio.run(service.classify("text"))
    auto = HuggingFaceClassifier(str(model))
    assert asyncio.run(auto.classify("vpn")).label in LABELS


def test_parameters_are_converted_and_checked(model: Path) -> None:
    with pytest.raises(Fail, match="needs `device` to be 'auto', 'cpu', 'cuda' or"):
        construct(HuggingFaceClassifier, {"device": "gpu"})
    with pytest.raises(Fail, match="needs `batch_size`"):
        construct(HuggingFaceClassifier, {"batch_size": 0})


def at_the_hub(hub: Hub, name: str, folder: Path, **options: Any) -> tuple[str, str]:
    """Kind and text of the failure, in a process of its own; the hub's address is
    read when its client is imported.
    """
    code = """
import asyncio, json, sys, traceback
from otac.components import HuggingFaceClassifier
try:
    asyncio.run(HuggingFaceClassifier(**json.loads(sys.argv[1])).classify("text"))
except Exception as error:
    print(type(error).__name__)
    print(error)
    traceback.print_exc()
"""
    options = {"model_name": name, "device": "cpu"} | options
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(options)],
        env={
            "HF_ENDPOINT": hub.address,
            "HF_HOME": str(folder / "home"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "PATH": "",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert TOKEN not in done.stdout + done.stderr
    kind, text, *_ = done.stdout.splitlines()
    return kind, text


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_token(hub: Hub, tmp_path: Path, status: int) -> None:
    hub.status = status
    hub.headers = {"X-Error-Message": f"bad {TOKEN}"}
    hub.authorizations.clear()
    kind, text = at_the_hub(hub, "acme/queues", tmp_path, api_token=TOKEN)
    assert f"Bearer {TOKEN}" in hub.authorizations
    assert (kind, text) == (
        "Fail",
        "the hub has no model `acme/queues`, or does not show it to this `api_token`",
    )


def test_a_model_that_the_hub_does_not_have(hub: Hub, tmp_path: Path) -> None:
    hub.status, hub.headers = 404, {"X-Error-Code": "RepoNotFound"}
    assert at_the_hub(hub, "acme/queues", tmp_path) == (
        "Fail",
        "the hub has no model `acme/queues`, or does not show it to no `api_token`",
    )


def test_a_model_that_asks_for_consent(hub: Hub, tmp_path: Path) -> None:
    hub.status, hub.headers = 403, {"X-Error-Code": "GatedRepo"}
    kind, text = at_the_hub(hub, "acme/queues", tmp_path, api_token=TOKEN)
    assert kind == "Fail"
    assert text == (
        "model `acme/queues` asks for consent: accept its terms on the hub and set"
        " `api_token`"
    )


def test_the_hub_is_out_of_order(hub: Hub, tmp_path: Path) -> None:
    hub.status, hub.headers = 500, {}
    kind, text = at_the_hub(hub, "acme/queues", tmp_path)
    assert kind == HubUnreachable.__name__
    assert text.startswith("model `acme/queues` cannot be fetched: the hub ")


def test_the_hub_is_not_asked(hub: Hub, tmp_path: Path) -> None:
    hub.authorizations.clear()
    made = at_the_hub(hub, "acme/queues", tmp_path, local_files_only=True)
    assert made == (
        "NotCached",
        "model `acme/queues` is not in the cache, and the hub is not to be asked",
    )
    assert hub.authorizations == []


def test_a_name_that_the_hub_cannot_have(hub: Hub, tmp_path: Path) -> None:
    kind, text = at_the_hub(hub, "queues of acme", tmp_path)
    assert (kind, text) == (
        "Fail",
        "`queues of acme` is neither a folder nor a name the hub can have",
    )


def test_a_folder_beside_the_project_needs_no_hub(
    hub: Hub, tmp_path: Path, model: Path
) -> None:
    shutil.copytree(model, tmp_path / "acme" / "queues")
    hub.authorizations.clear()
    code = """
import asyncio
from otac.components import HuggingFaceClassifier
print(asyncio.run(HuggingFaceClassifier("acme/queues").classify("vpn")).label)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() in LABELS
    assert done.stderr == ""
    assert hub.authorizations == []


def test_it_says_whether_models_can_be_loaded(make_model: MakeModel) -> None:
    def inspected(name: str) -> list[Problem]:
        async def all_of_it() -> list[Problem]:
            classifier = HuggingFaceClassifier()
            asked = Asked(names={"model": (name,)})
            return [one async for one in classifier.inspect(asked)]

        return asyncio.run(all_of_it())

    assert inspected(str(make_model())) == []
    (wrong,) = inspected("./no-such-folder")
    assert (wrong.kind, wrong.certain) == ("model", True)
    # Not fetched, since nobody has asked for that.
    (absent,) = inspected("otac-tests/no-such-model")
    assert (absent.kind, absent.certain) == ("model", False)
    assert absent.help == "`--download` fetches it now"
