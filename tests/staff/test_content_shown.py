"""A page of the workbench puts a version's content together once, and the next page anew."""

import pytest

from reminders.models import PathwayVersion
from reminders.staff.content.shown import content_shown
from tests.factories import ClinicFactory
from tests.flow.versions import a_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return a_draft(ClinicFactory())


def test_it_is_read_once_for_all_parts_of_a_page(version, django_assert_num_queries):
    first = content_shown(version)

    with django_assert_num_queries(0):
        assert content_shown(version) is first


def test_the_next_page_shows_what_a_colleague_has_written_since(version):
    content_shown(version)
    version.steps.filter(key="d1_walk").update(intent="Walk a little further")

    read_anew = PathwayVersion.objects.select_related("pathway__clinic").get(pk=version.pk)

    assert content_shown(read_anew).step("d1_walk").intent == "Walk a little further"
