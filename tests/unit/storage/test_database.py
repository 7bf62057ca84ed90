import asyncio
import sqlite3
import subprocess
import sys

import pytest

from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError
from tests.simulators.clock import FakeClock

TABLES = "CREATE TABLE thing (name TEXT PRIMARY KEY, value TEXT);\nCREATE INDEX by_value ON thing (value);"


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "arvisd.db").open()
    yield database
    database.close()


def test_what_is_written_is_there_after_closing(tmp_path):
    first = Database(tmp_path / "a.db").open()
    first.prepare("things", [TABLES])
    first.write("INSERT INTO thing VALUES ('a', '1')")
    first.close()
    second = Database(tmp_path / "a.db").open()
    second.prepare("things", [TABLES])
    assert second.read("SELECT * FROM thing") == [("a", "1")]
    second.close()


def test_what_is_written_outlives_a_kill(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from arvisd.storage.database import Database\n"
        "d = Database(Path(sys.argv[1])).open(); d.prepare('things', ['CREATE TABLE thing (n INTEGER);'])\n"
        "for n in range(50): d.write('INSERT INTO thing VALUES (?)', (n,))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "k.db")], check=False)
    assert killed.returncode == -9
    database = Database(tmp_path / "k.db").open()
    assert database.read("SELECT count(*) FROM thing") == [(50,)]
    database.close()


def test_migrations_go_on_from_where_the_file_is(tmp_path, database):
    database.prepare("things", [TABLES])
    database.write("INSERT INTO thing VALUES ('a', '1')")
    database.prepare("things", [TABLES, "ALTER TABLE thing ADD COLUMN more TEXT DEFAULT 'x';"])
    assert database.read("SELECT * FROM thing") == [("a", "1", "x")]


def test_a_migration_that_fails_changes_nothing(database):
    database.prepare("things", [TABLES])
    with pytest.raises(StorageError, match="no such table"):
        database.prepare("things", [TABLES, "CREATE TABLE other (a);\nDROP TABLE nowhere;"])
    assert database.read("SELECT name FROM sqlite_master WHERE name = 'other'") == []
    assert database.read("SELECT version FROM schema_version WHERE part = 'things'") == [(1,)]


def test_a_file_of_a_newer_arvisd_is_refused(database):
    database.prepare("things", [TABLES, "CREATE TABLE newer (a);"])
    with pytest.raises(StorageError, match=r"of version 2, this arvisd knows 1: start the newer arvisd"):
        database.prepare("things", [TABLES])


def test_a_transaction_is_all_or_nothing(database):
    database.prepare("things", [TABLES])
    with pytest.raises(ValueError, match="no"), database.transaction():  # noqa: PT012  # what is written before the error counts
        database.write("INSERT INTO thing VALUES ('a', '1')")
        raise ValueError("no")
    assert database.read("SELECT * FROM thing") == []
    with database.transaction(), database.transaction():
        database.write("INSERT INTO thing VALUES ('b', '2')")
    assert database.read("SELECT name FROM thing") == [("b",)]


def test_a_broken_file_is_moved_aside(tmp_path):
    path = tmp_path / "arvisd.db"
    path.write_bytes(b"this is no database, and longer than the header of one" * 40)
    database = Database(path).open()
    assert "it was moved to arvisd.db.broken-" in database.problem
    database.prepare("things", [TABLES])
    database.close()
    assert len(list(tmp_path.glob("arvisd.db.broken-*"))) == 1


def test_the_folder_is_made_at_the_first_start(tmp_path):
    database = Database(tmp_path / "data" / "deep" / "arvisd.db").open()
    assert database.problem == ""
    database.close()


def test_a_file_that_is_deleted_or_replaced_is_noticed(tmp_path):
    path = tmp_path / "arvisd.db"
    database = Database(path).open()
    assert database.lost() == ""
    path.unlink()
    text = f"{path} was deleted or replaced: restart arvisd, or nothing of now will be remembered after a restart"
    assert database.lost() == text
    path.write_bytes(b"")
    assert database.lost() == text
    database.close()


def test_a_place_that_cannot_be_written_becomes_memory(tmp_path):
    (tmp_path / "nowhere").write_text("a file, not a folder")
    database = Database(tmp_path / "nowhere" / "arvisd.db").open()
    assert database.problem.endswith("nothing will be remembered over a restart")
    database.prepare("things", [TABLES])
    database.write("INSERT INTO thing VALUES ('a', '1')")
    database.close()


async def test_the_worker_sees_what_the_loop_wrote(database):
    database.prepare("things", [TABLES])
    database.write("INSERT INTO thing VALUES ('a', '1')")
    rows = await database.background(lambda connection: connection.execute("SELECT name FROM thing").fetchall())
    assert rows == [("a",)]


async def test_writes_reach_the_file_without_a_close(tmp_path, database):
    clock = FakeClock()
    sync = asyncio.create_task(database.sync(clock))
    database.prepare("things", [TABLES])
    database.write("INSERT INTO thing VALUES ('a', '1')")
    await clock.advance(1.5)
    for _ in range(200):
        await asyncio.sleep(0.005)
        (tmp_path / "copy.db").write_bytes((tmp_path / "arvisd.db").read_bytes())
        copy = sqlite3.connect(tmp_path / "copy.db")
        try:
            if copy.execute("SELECT name FROM thing").fetchall() == [("a",)]:
                break
        except sqlite3.DatabaseError:
            pass
        finally:
            copy.close()
    else:
        pytest.fail("the file itself, without its WAL, never held the row")
    sync.cancel()


def test_what_is_not_open_says_so(tmp_path):
    with pytest.raises(StorageError, match="the database is not open"):
        Database(tmp_path / "a.db").read("SELECT 1")
