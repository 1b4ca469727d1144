"""The servers that the demo and the tests start for themselves."""

import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from clinic.embedded import NoServer, Postgres, Redis, free_port, promised, running_services
from clinic.embedded.home import can_enter, home_for_servers, is_in_use, remove_home, servant
from clinic.embedded.programs import Program, find_postgres, new_enough
from tests.waiting import ends

A_PARENT = """
from clinic.embedded import running_services
with running_services() as services:
    print(*(server.pid for server in services.started), services.started[0].home, flush=True)
    input()
"""


@pytest.fixture
def nothing_set(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def kept_folder(tmp_path):
    folder = tmp_path / "kept"
    yield folder
    remove_home(folder)


@pytest.fixture
def home():
    with home_for_servers(None) as home:
        yield home


def test_no_port_is_given_to_two_who_do_not_listen_yet():
    taken = promised(free_port())
    given = [free_port() for _ in range(2_000)]

    assert taken not in given
    assert len(set(given)) == len(given)


def test_both_servers_answer_and_none_is_left_afterwards(nothing_set):
    with running_services() as services:
        pids = [server.pid for server in services.started]
        with psycopg.connect(services.database_url) as connection:
            one = connection.execute("SELECT upper('\u00e9') || current_database()").fetchone()
        with redis.Redis.from_url(services.redis_url) as doorbell:
            policy = doorbell.config_get("maxmemory-policy")

    assert one == ("\u00c9aftercare",)
    assert policy == {"maxmemory-policy": "noeviction"}
    assert len(pids) == 2
    assert all(ends(pid) for pid in pids)


def test_nothing_is_left_when_the_parent_is_killed(nothing_set):
    parent = subprocess.Popen(
        [sys.executable, "-c", A_PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    *pids, home = parent.stdout.readline().split()

    parent.kill()
    parent.communicate()

    assert all(ends(int(pid)) for pid in pids)
    with home_for_servers(None):
        assert not Path(home).exists()


def test_addresses_that_are_set_are_used_as_they_are(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/aftercare")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")

    with running_services() as services:
        assert services.database_url == "postgresql://elsewhere/aftercare"
        assert services.redis_url == "redis://elsewhere/0"
        assert services.started == ()


def test_a_kept_folder_keeps_its_data(kept_folder, monkeypatch, nothing_set):
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with running_services(kept_folder) as services, psycopg.connect(services.database_url) as db:
        db.execute("CREATE TABLE visits AS SELECT 41 + 1 AS answer")

    with running_services(kept_folder) as services, psycopg.connect(services.database_url) as db:
        assert db.execute("SELECT answer FROM visits").fetchone() == (42,)


def test_a_folder_in_use_is_refused_with_a_sentence(kept_folder):
    with (
        home_for_servers(kept_folder),
        pytest.raises(NoServer, match="Another Aftercare is using"),
        home_for_servers(kept_folder),
    ):
        pass


def test_a_folder_is_held_even_when_every_server_is_elsewhere(kept_folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/aftercare")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")

    with running_services(kept_folder):
        assert is_in_use(kept_folder)
    assert not is_in_use(kept_folder)


def test_a_temporary_home_leaves_no_file_behind():
    with home_for_servers(None) as home:
        (home / "file").touch()

    assert not home.parent.exists()


def test_no_server_runs_as_root(home):
    doorbell = Redis(home)
    doorbell.start()
    owner = Path(f"/proc/{doorbell.pid}").stat().st_uid
    doorbell.stop()

    assert owner != 0


def test_a_stranger_without_the_password_is_refused(home):
    postgres = Postgres(home)
    url = postgres.start()

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(postgres.password, "guess"))
    postgres.stop()


@pytest.mark.parametrize("kind", [Postgres, Redis])
def test_a_killed_server_comes_back_at_the_same_address(home, kind):
    server = kind(home)
    address = server.start()
    server.kill()

    assert server.pid == 0
    assert server.start() == address
    server.stop()


def test_the_wheel_is_enough_even_where_only_root_may_enter(home):
    with tempfile.TemporaryDirectory() as barred:  # made with mode 700
        postgres = Postgres(home)
        postgres.program = wheel = copied_wheel(Path(barred))

        with psycopg.connect(postgres.start()) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        postgres.stop()

    assert row[0] == wheel.version_text


def copied_wheel(root):
    """Copy the newest PostgreSQL wheel into `root`, with the places of its parts kept."""
    wheel = next(program for program in find_postgres(servant()) if program.parts)
    copies = [root / part.relative_to(wheel.root) for part in wheel.parts]
    copies[0].parent.mkdir(parents=True)
    for part, copy in zip(wheel.parts, copies, strict=True):
        subprocess.run(["cp", "-a", part, copy], check=True)
    return Program(root / wheel.path.relative_to(wheel.root), wheel.version, root, tuple(copies))


def test_folders_that_were_there_keep_their_permissions(tmp_path):
    barred = tmp_path / "barred"
    barred.mkdir(mode=0o700)

    with home_for_servers(barred / "demo") as home:
        assert can_enter(home, servant())

    assert barred.stat().st_mode & 0o777 == 0o700
    remove_home(barred / "demo")
    assert not home.exists()


@pytest.mark.parametrize("found", [[], [Program(Path("/old"), (6, 0), Path("/"))]])
def test_without_a_server_that_is_new_enough_a_sentence_says_what_to_install(found):
    with pytest.raises(NoServer, match="Install Redis"):
        new_enough(found, oldest=(6, 2), otherwise="Install Redis")
