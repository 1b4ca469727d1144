"""What stands in a log line: ids and states, and no token of a secret link."""

import logging
from io import StringIO

import pytest

from clinic.log import logging_config

TOKEN = "Ab3dEf6hJk9mN2pQ5rS8tA"


@pytest.fixture
def written():
    """Return what the log's own formatter makes of a line."""
    formatter = logging_config()["formatters"]["json"]
    keywords = {name: value for name, value in formatter.items() if name != "()"}
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](**keywords))

    def line(message, *args):
        handler.handle(logging.makeLogRecord({"msg": message, "args": args, "levelname": "INFO"}))
        return stream.getvalue()

    return line


@pytest.mark.parametrize(
    "path",
    [
        f"/p/{TOKEN}",
        f"/p/{TOKEN}/",
        f"/p/{TOKEN}?lang=es",
        f"/u/{TOKEN}/",
        f"/calendar/{TOKEN}.ics",
    ],
)
def test_a_path_has_lost_its_token(written, path):
    told = written("Not Found: %s", path)

    assert TOKEN not in told
    assert path[:3] in told


def test_a_line_of_a_web_server_has_lost_it_too(written):
    told = written('"GET /p/%s HTTP/1.1" 200 5120 "https://care.example.org/p/%s"', TOKEN, TOKEN)

    assert TOKEN not in told
    assert "200 5120" in told


@pytest.mark.django_db
def test_a_link_that_does_not_work_is_logged_without_its_token(client, settings, tmp_path, caplog):
    settings.STATIC_ROOT = tmp_path

    client.get(f"/p/{TOKEN}")

    formatter = logging_config()["formatters"]["json"]
    keywords = {name: value for name, value in formatter.items() if name != "()"}
    written = [formatter["()"](**keywords).format(record) for record in caplog.records]
    assert written
    assert all(TOKEN not in line for line in written)
