"""What the tests of faults stand on: a Redis and a provider of their own, and real processes."""

import os
import sys

import pytest
import redis
from django.db import connection

from clinic.embedded import Redis, free_port
from clinic.embedded.home import home_for_servers
from tests.faults.house import PATIENCE_SECONDS, House, until
from tests.faults.provider import Provider


@pytest.fixture(scope="session")
def own_redis():
    """A Redis that no other test uses, so it may be emptied, killed and stopped."""
    with home_for_servers(None) as home:
        server = Redis(home)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("provider"), environment=dict(os.environ))
    ports = [free_port(), free_port(), free_port()]
    web, http, smtp = map(str, ports)
    listens = ["--http-port", http, "--smtp-port", smtp]
    data = ["--data-dir", str(house.folder / "data")]
    child = house.start(
        "stand-in",
        [sys.executable, "manage.py", "stand_in", *listens, *data],
        is_ready=lambda child: child.said("Stand-in ready"),
        PUBLIC_URL=f"http://127.0.0.1:{web}",
    )
    child.wait_until_ready(seconds=PATIENCE_SECONDS)
    yield ports
    until(lambda: house.end() == [])


@pytest.fixture
def provider(provider_process):
    _, http, smtp = provider_process
    provider = Provider(f"http://127.0.0.1:{http}", smtp_port=smtp)
    provider.forget()
    return provider


@pytest.fixture
def house(transactional_db, released, own_redis, provider, provider_process, tmp_path):
    """The clinic's processes; after each test none of them is left."""
    web = provider_process[0]
    environment = os.environ | {
        "DATABASE_URL": database_url(connection.settings_dict["NAME"]),
        "REDIS_URL": own_redis.url,
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "WEB_PORT": str(web),
        "SMS_PROVIDER": "twilio",
        "TWILIO_API_URL": provider.url,
        "EMAIL_PORT": str(provider.smtp_port),
        "SEND_CONNECTIONS": "8",
        "UNKNOWN_LOOK_UP_AFTER_SECONDS": "1",
        "RETRY_AFTER_SECONDS": "1",
    }
    house = House(tmp_path, environment=environment)
    yield house
    until(lambda: house.end() == [])
    empty(own_redis)


def database_url(name):
    """Return the address of a database beside the one that the tests use."""
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def empty(server):
    """Forget whatever rings in this Redis."""
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
