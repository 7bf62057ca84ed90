"""Downloads over a server that cuts off, lies, ignores ranges and changes its files."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import shutil
import stat
import tarfile
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from arvisd.providers.models import download, fetch
from arvisd.providers.models.catalogue import Model, ModelFile
from arvisd.providers.models.download import pull
from arvisd.providers.models.errors import DownloadError, ModelDamagedError, ModelRefusedError
from arvisd.providers.models.verify import verify
from tests.simulators.model_server import ModelServer, Resource, model_server

BODY = os.urandom(700_000)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setattr(fetch, "PAUSES", (0.0, 0.0, 0.0, 0.0))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with model_server() as running:
        yield running


def model(server: ModelServer, **fields: object) -> Model:
    file = ModelFile(url=f"{server.url}/voice.onnx", name="voice.onnx", **fields)  # type: ignore[arg-type]
    return Model("A voice", ("en",), "tts", "piper", "MIT", ("voice.onnx",), id="voice", files=(file,))


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def archived(server: ModelServer, body: bytes, kind: str = "zip") -> Model:
    server.files["/model.zip"] = Resource(body)
    file = ModelFile(url=f"{server.url}/model.zip", unpack=kind)  # type: ignore[arg-type]
    return Model("Speech", ("en",), "stt", "vosk", "Apache-2.0", ("am/final.mdl",), id="speech", files=(file,))


def leftovers(target: Path) -> list[str]:
    return sorted(path.name for path in target.iterdir() if not path.name.endswith(".lock"))


async def test_a_whole_file_arrives_with_progress_and_checksums(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY)
    seen: list[download.Progress] = []
    wanted = model(server, size=len(BODY), sha256=hashlib.sha256(BODY).hexdigest())
    place = await pull(wanted, tmp_path / "models", seen.append)
    assert (place / "voice.onnx").read_bytes() == BODY
    assert seen[-1] == download.Progress("voice.onnx", len(BODY), len(BODY))
    assert [step.done for step in seen] == sorted({step.done for step in seen})
    assert leftovers(tmp_path / "models") == ["voice"]
    verdict = verify(wanted, place)
    assert verdict.ok
    assert verdict.basis == "published checksums and the download"


async def test_it_goes_on_where_the_connection_was_cut(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY, cut_after=[300_000, 100_000])
    place = await pull(model(server, size=len(BODY)), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY
    assert [asked for _, asked in server.requests] == [None, "bytes=300000-", "bytes=400000-"]


async def test_a_second_pull_goes_on_where_the_first_gave_up(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY, cut_after=[250_000, 0, 0, 0, 0, 0])
    with pytest.raises(DownloadError) as failed:
        await pull(model(server), tmp_path)
    assert str(failed.value) == (
        f"{server.url}/voice.onnx: the connection ended after 250000 of {len(BODY)} bytes "
        "(tried 5 times; arvisd models pull goes on from here)"
    )
    assert failed.value.retryable
    assert not (tmp_path / "voice").exists()
    server.requests.clear()
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY
    assert server.requests == [("/voice.onnx", "bytes=250000-")]


async def test_a_server_that_ignores_ranges_sends_all_again(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY, ranges=False, cut_after=[300_000])
    place = await pull(model(server, size=len(BODY)), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY


async def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(server: ModelServer, tmp_path: Path) -> None:
    other = os.urandom(500_000)
    server.files["/voice.onnx"] = Resource(BODY, cut_after=[300_000], then=Resource(other, etag='"2"'))
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == other
    assert [asked for _, asked in server.requests] == [None, "bytes=300000-"]


@pytest.mark.parametrize("etag", [None, 'W/"1"'])
async def test_without_a_strong_validator_nothing_is_stitched(
    server: ModelServer, tmp_path: Path, etag: str | None
) -> None:
    server.files["/voice.onnx"] = Resource(BODY, etag=etag, cut_after=[300_000])
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY
    assert [asked for _, asked in server.requests] == [None, None]


async def test_a_shorter_file_than_what_is_there_starts_again(server: ModelServer, tmp_path: Path) -> None:
    short = BODY[:1000]
    server.files["/voice.onnx"] = Resource(BODY, cut_after=[300_000], then=Resource(short))
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == short


async def test_an_announced_length_that_is_too_great_is_given_up(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY, announce=len(BODY) + 100, ranges=False)
    with pytest.raises(DownloadError, match=f"the connection ended after 700000 of {len(BODY) + 100} bytes"):
        await pull(model(server), tmp_path)


async def test_an_announced_length_that_is_too_small_is_no_model(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY, announce=1000)
    with pytest.raises(ModelDamagedError) as failed:
        await pull(model(server, size=len(BODY)), tmp_path)
    assert str(failed.value) == (
        f"{server.url}/voice.onnx: voice.onnx has 1000 bytes instead of 700000; it was thrown away"
    )
    assert leftovers(tmp_path) == []


async def test_a_wrong_checksum_throws_the_file_away(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY)
    with pytest.raises(ModelDamagedError) as failed:
        await pull(model(server, sha256="0" * 64), tmp_path)
    found = hashlib.sha256(BODY).hexdigest()
    assert str(failed.value) == (
        f"{server.url}/voice.onnx: voice.onnx has the sha256 {found} instead of {'0' * 64}; it was thrown away"
    )
    assert leftovers(tmp_path) == []


async def test_md5_is_compared_where_nothing_better_is_published(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY)
    place = await pull(model(server, md5=hashlib.md5(BODY).hexdigest()), tmp_path)
    assert place.is_dir()
    with pytest.raises(ModelDamagedError, match="has the md5"):
        await pull(model(server, md5="0" * 32), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY  # what was there before stays


async def test_what_is_not_there_is_not_tried_again(server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as failed:
        await pull(model(server), tmp_path)
    assert str(failed.value) == f"{server.url}/voice.onnx: the server answered 404 Not Found"
    assert len(server.requests) == 1


async def test_a_server_in_trouble_is_asked_again(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY, statuses=[503, 429, 500], retry_after="0")
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY
    assert len(server.requests) == 4


async def test_redirects_are_followed(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(b"", location="/elsewhere")
    server.files["/elsewhere"] = Resource(BODY, cut_after=[200_000])
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY
    assert server.requests[-1] == ("/elsewhere", "bytes=200000-")


async def test_a_redirect_to_a_file_of_this_machine_is_refused(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(b"", location="file:///etc/passwd")
    with pytest.raises(DownloadError, match="Redirection to url 'file:///etc/passwd' is not allowed"):
        await pull(model(server), tmp_path)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    request = urllib.request.Request("https://models.example/a")
    with pytest.raises(ModelRefusedError) as failed:
        fetch._Redirects().redirect_request(request, None, 302, "Found", {}, "http://models.example/a")
    assert str(failed.value) == "https://models.example/a: leads on to http://models.example/a, which is not safe"


async def test_no_room_is_said_before_anything_comes(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/voice.onnx"] = Resource(BODY)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=20 * 1024**2))
    with pytest.raises(ModelRefusedError) as failed:
        await pull(model(server), tmp_path)
    assert str(failed.value) == (
        f"voice.onnx needs 1 MB and {tmp_path} has 20 MB free: make room there, or name another folder under models: path:"
    )


async def test_a_cancelled_download_keeps_what_came(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY)
    loop, gate = asyncio.get_running_loop(), threading.Event()

    def cancel_at_the_first_piece(progress: download.Progress) -> None:
        if not gate.is_set():
            loop.call_soon_threadsafe(task.cancel)
            loop.call_soon_threadsafe(loop.call_soon, loop.call_later, 0.05, gate.set)
            gate.wait(10)

    task = asyncio.create_task(pull(model(server), tmp_path, cancel_at_the_first_piece))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not (tmp_path / "voice").exists()
    part = tmp_path / ".voice.part" / "voice.onnx.part"
    assert part.stat().st_size > 0
    place = await pull(model(server), tmp_path)
    assert (place / "voice.onnx").read_bytes() == BODY


async def test_a_model_without_an_address_says_what_to_do(tmp_path: Path) -> None:
    wanted = Model("R", ("ru",), "stt", "sphinx", "GPL-3.0", ("ru.dict",), id="ru-sphinx", note="is to be put by hand")
    with pytest.raises(ModelRefusedError) as failed:
        await pull(wanted, tmp_path)
    assert str(failed.value) == "ru-sphinx is to be put by hand"


async def test_an_archive_is_unpacked_without_its_top_folder(server: ModelServer, tmp_path: Path) -> None:
    place = await pull(archived(server, zipped({"m-0.1/am/final.mdl": b"1", "m-0.1/README": b"2"})), tmp_path)
    assert (place / "am/final.mdl").read_bytes() == b"1"
    assert (place / "README").read_bytes() == b"2"
    assert leftovers(tmp_path) == ["speech"]


async def test_a_tar_is_unpacked(server: ModelServer, tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        info = tarfile.TarInfo("am/final.mdl")
        info.size, info.mode = 3, 0o777
        archive.addfile(info, io.BytesIO(b"abc"))
        archive.addfile(tarfile.TarInfo("README"), io.BytesIO())
    place = await pull(archived(server, made.getvalue(), "tar"), tmp_path)
    assert (place / "am/final.mdl").read_bytes() == b"abc"


def _link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("am/link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return made.getvalue()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (zipped({"../evil": b"x", "am/final.mdl": b""}), "model.zip: '../evil' leads out of the folder"),
        (zipped({"/etc/evil": b"x"}), "model.zip: '/etc/evil' leads out of the folder"),
        (zipped({"a\\..\\..\\evil": b"x"}), "model.zip: 'a/../../evil' leads out of the folder"),
        (zipped({"C:/evil": b"x"}), "model.zip: 'C:/evil' leads out of the folder"),
        (_link(), "model.zip: am/link is a link or a device"),
        (
            zipped({"am/final.mdl": b"\0" * 40_000_000}),
            "model.zip: unpacks to more than is sane; it may be made to fill the disk",
        ),
    ],
)
async def test_an_unsafe_archive_is_refused(server: ModelServer, tmp_path: Path, body: bytes, text: str) -> None:
    target = tmp_path / "models"
    with pytest.raises(ModelRefusedError) as failed:
        await pull(archived(server, body), target)
    assert str(failed.value).replace("\\\\", "/") == text
    assert leftovers(tmp_path) == ["models"]
    assert not (target / "speech").exists()
    assert not (target / ".speech.new").exists()


async def test_what_is_no_archive_is_damaged(server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(ModelDamagedError) as failed:
        await pull(archived(server, b"<html>sign in to the hotel's network</html>"), tmp_path)
    assert str(failed.value) == "model.zip: is no whole zip archive: File is not a zip file"


async def test_an_archive_that_lacks_something_is_damaged(server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(ModelDamagedError) as failed:
        await pull(archived(server, zipped({"m/README": b"2"})), tmp_path)
    assert str(failed.value) == "speech: what came lacks am/final.mdl"


async def test_a_second_download_of_the_same_is_kept_out(server: ModelServer, tmp_path: Path) -> None:
    server.files["/voice.onnx"] = Resource(BODY)
    wanted = model(server)
    with (
        download._alone(wanted, tmp_path),
        pytest.raises(ModelRefusedError, match="another download of it is under way"),
    ):
        await pull(wanted, tmp_path)


async def test_verify_notices_what_changed_since(server: ModelServer, tmp_path: Path) -> None:
    wanted = archived(server, zipped({"m-0.1/am/final.mdl": b"1", "m-0.1/README": b"2"}))
    place = await pull(wanted, tmp_path)
    assert verify(wanted, place).basis == "the download; no checksum is published"
    (place / "README").write_bytes(b"3")
    (place / "am/final.mdl").unlink()
    assert verify(wanted, place).problems == ("am/final.mdl is missing", "README is not what was downloaded")
