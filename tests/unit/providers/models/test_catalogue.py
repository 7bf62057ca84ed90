"""The catalogue that comes with arvisd, its errors, and where models are found."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from arvisd.providers.models.catalogue import load_catalogue
from arvisd.providers.models.errors import UnknownModelError
from arvisd.providers.models.finder import ModelFinder
from arvisd.providers.models.verify import verify


def test_every_entry_of_the_shipped_catalogue_can_be_found_and_fetched() -> None:
    catalogue = load_catalogue()
    assert {"vosk-small-en", "vosk-small-ru", "ru-sphinx", "piper-ru-irina", "piper-en-lessac"} <= set(catalogue)
    for model in catalogue.values():
        assert model.needs
        assert model.licence
        assert model.files or model.note
        for file in model.files:
            assert urlsplit(file.url).scheme == "https"
            assert not file.sha256 or len(file.sha256) == 64
            assert not file.md5 or len(file.md5) == 32


def test_an_unknown_model_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownModelError) as failed:
        load_catalogue()["piper-ru-irena"]
    assert str(failed.value) == (
        "there is no model 'piper-ru-irena' in the catalogue (did you mean piper-ru-irina?): arvisd models list"
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ("title: X", "m: Object missing required field `languages`"),
        (
            "{title: X, languages: [en], capability: stt, kind: vosk, licence: L, needs: [../x]}",
            "m: ../x: paths are within the model's folder",
        ),
        (
            "{title: X, languages: [en], capability: stt, kind: vosk, licence: L, needs: [x], files: [{url: 'http://a/b'}]}",
            "m: http://a/b: give either `name` or `unpack`",
        ),
        (
            "{title: X, languages: [en], capability: stt, kind: vosk, licence: L, needs: [x], colour: red}",
            "m: Object contains unknown field `colour`",
        ),
    ],
)
def test_a_wrong_entry_is_said(tmp_path: Path, fields: str, text: str) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(f"m: {fields}" if fields.startswith("{") else f"m:\n  {fields}")
    with pytest.raises(ValueError) as failed:
        load_catalogue(file)
    assert str(failed.value) == f"{file}: {text}"


def _touch(*files: Path) -> None:
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")


def test_models_are_found_by_id_by_archive_name_and_loose(tmp_path: Path) -> None:
    own, data = tmp_path / "own", tmp_path / "data"
    finder = ModelFinder([own], data)
    assert finder.find("vosk-small-ru") is None
    _touch(own / "vosk-model-small-ru-0.22/am/final.mdl", own / "vosk-model-small-ru-0.22/conf/model.conf")
    assert finder.find("vosk-small-ru") == own / "vosk-model-small-ru-0.22"
    _touch(data / "models/vosk-small-en/am/final.mdl")
    assert finder.find("vosk-small-en") is None  # not whole
    _touch(data / "models/vosk-small-en/conf/model.conf")
    assert finder.find("vosk-small-en") == data / "models/vosk-small-en"
    _touch(own / "ru_RU-irina-medium.onnx", own / "ru_RU-irina-medium.onnx.json")
    assert finder.find("piper-ru-irina") == own / "ru_RU-irina-medium.onnx"
    assert finder.find("nothing-known") is None


def test_the_users_folders_come_before_the_data_folder(tmp_path: Path) -> None:
    for folder in (tmp_path / "own", tmp_path / "data/models"):
        _touch(folder / "vosk-small-en/am/final.mdl", folder / "vosk-small-en/conf/model.conf")
    assert ModelFinder([tmp_path / "own"], tmp_path / "data").find("vosk-small-en") == tmp_path / "own/vosk-small-en"


def test_verify_without_any_checksum_says_so(tmp_path: Path) -> None:
    _touch(tmp_path / "am/final.mdl", tmp_path / "conf/model.conf")
    verdict = verify(load_catalogue()["vosk-small-en"], tmp_path)
    assert verdict.ok
    assert verdict.basis == "names of files only; no checksum is published"


def test_verify_of_a_voice_compares_with_what_is_published(tmp_path: Path) -> None:
    _touch(tmp_path / "en_US-amy-medium.onnx", tmp_path / "en_US-amy-medium.onnx.json")
    verdict = verify(load_catalogue()["piper-en-amy"], tmp_path / "en_US-amy-medium.onnx")
    assert verdict.problems == ("en_US-amy-medium.onnx has 1 bytes instead of 63201294",)
