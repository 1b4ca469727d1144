"""A pytest plugin (`-p tests.services`): the environment that settings read, and the real servers.

pytest-django reads the settings before any conftest, so this comes earlier. The servers start
once, in the first process; the workers of xdist inherit their addresses, each with a database
of its own in PostgreSQL (by pytest-django) and in Redis (by number).
"""

import contextlib
import gc
import os

import hypothesis
import pytest

from clinic.embedded import NoServer, running_services

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings",
    "ENVIRONMENT": "test",
    "SECRET_KEY": "a key for tests only, as long as a real one has to be at least",
    "PUBLIC_URL": "http://testserver",
    "DEMO": "false",
    "DEBUG": "false",
    "BREAK_GLASS": "false",
    "SMS_PROVIDER": "memory",
    "TWILIO_ACCOUNT_SID": "ACtest",
    "TWILIO_AUTH_TOKEN": "a token for tests only",
    "TWILIO_API_URL": "http://127.0.0.1:9",  # nobody listens there
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": "9",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    os.environ.update(ENVIRONMENT)
    hypothesis.settings.register_profile("busy machine", deadline=None)
    hypothesis.settings.load_profile("busy machine")
    servers = contextlib.ExitStack()
    early_config.add_cleanup(servers.close)
    try:
        services = servers.enter_context(running_services())
    except NoServer as reason:
        raise pytest.UsageError(str(reason)) from reason
    os.environ["DATABASE_URL"] = services.database_url
    os.environ["REDIS_URL"] = _redis_of_this_worker(services.redis_url)
    return (yield)


def _redis_of_this_worker(url):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return url
    return f"{url.rpartition('/')[0]}/{int(worker.removeprefix('gw')) + 1}"


def pytest_collection_finish():
    """What is loaded and collected by now stays: do not look through it again for garbage."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    """A skipped test proves nothing, so it counts as a failure."""
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.section("skipped, which fails the run")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
