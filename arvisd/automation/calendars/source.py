"""Where a calendar comes from: a file, or an address that is read in a thread, within bounds, its last good copy kept."""

from __future__ import annotations

import hashlib
import os
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from arvisd.automation.calendars.events import CalendarError

MOST_BYTES = 5 * 1024 * 1024
"""Of one calendar: some 10,000 events."""
TIMEOUT_SECONDS = 20.0
"""Of each wait for an address."""


class FileSource:
    """A file of the configuration folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None

    def read(self) -> bytes | None:
        """Return the content, None where it is as it was; raise CalendarError."""
        try:
            known = self._path.stat()
            stamp = (known.st_mtime_ns, known.st_size)
            if stamp == self._stamp:
                return None
            if known.st_size > MOST_BYTES:
                raise CalendarError(_too_large(str(self._path)))
            content = self._path.read_bytes()
        except OSError as error:
            raise CalendarError(f"{self._path} cannot be read: {error.strerror}") from error
        self._stamp = stamp
        return content

    def last_good(self) -> bytes | None:
        """A file has no copy."""
        return None

    def keep(self, content: bytes) -> None:
        """A file has no copy."""


class UrlSource:
    """An address; secrets are often part of it, so that messages name its host only."""

    def __init__(self, url: str, copy: Path | None, *, outside: bool) -> None:
        """Prepare.

        Args:
            url: `http`, `https`, or `webcal`, which is the latter under another name.
            copy: where the last good one is kept; None: nowhere.
            outside: whether it may lie outside of the house's network.
        """
        scheme, _, rest = url.partition("://")
        self._url = f"https://{rest}" if scheme.lower() in ("webcal", "webcals") else url
        self._copy = None if copy is None else copy.with_stem(f"{copy.stem}-{_digest(url)}")
        self._outside = outside
        self._unchanged: dict[str, str] = {}

    def read(self) -> bytes | None:
        """Return the content, None where it is as it was; raise CalendarError. Blocks, for a thread."""
        from arvisd.automation.commands.http import Request, send  # only for those who have an address

        host = urlsplit(self._url).hostname or ""
        headers = {"User-Agent": "arvisd", **self._unchanged}
        request = Request("GET", self._url, headers, None, TIMEOUT_SECONDS, True, self._outside, most_bytes=MOST_BYTES)
        try:
            answer = send(request)
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error) or repr(error)
            raise CalendarError(f"{host} cannot be read: {reason[:200]}") from error
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise CalendarError(f"{host} answered {answer.status} instead of a calendar")
        self._unchanged = {
            asked: answer.headers[given]
            for asked, given in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
            if given in answer.headers
        }
        return answer.body

    def last_good(self) -> bytes | None:
        """Return the copy, None where there is none."""
        try:
            return None if self._copy is None else self._copy.read_bytes()
        except OSError:
            return None

    def keep(self, content: bytes) -> None:
        """Keep what could be read."""
        if self._copy is not None:
            self._copy.parent.mkdir(parents=True, exist_ok=True)
            draft = self._copy.with_name(f".{self._copy.name}.{os.getpid()}.tmp")
            draft.write_bytes(content)
            draft.replace(self._copy)


def _too_large(name: str) -> str:
    return f"{name} holds more than {MOST_BYTES // 1024 // 1024} MiB: that is more than a calendar"


def _digest(url: str) -> str:
    return hashlib.blake2b(url.encode(), digest_size=4).hexdigest()
