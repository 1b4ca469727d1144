"""The recovery at a glance: everything of one operation on one axis, and the same in a table."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse

from reminders.models import AlertStatus, Category, DeliveryStatus, Reached, ReminderStatus
from reminders.staff.recovery_axis import Axis, axis_for
from tests.factories import (
    NOON,
    OPERATED_ON,
    AlertFactory,
    CarerFactory,
    DeliveryFactory,
    PhoneCallFactory,
    ReminderFactory,
    ReplyFactory,
    SurgeryFactory,
)
from tests.flow.test_check_in_history import check_in_on
from tests.flow.versions import WALK, a_live_version
from tests.staff.pages import words_of

DAY = timedelta(days=1)


@pytest.fixture
def surgery(own_clinic):
    return SurgeryFactory(
        patient__clinic=own_clinic, surgery_date=OPERATED_ON - 20 * DAY, region="lumbar"
    )


@pytest.fixture
def chart(browser, surgery):
    address = reverse("admin:clinic_surgery_recovery", args=[surgery.pk])
    return lambda: browser.get(address).context["chart"]


def shapes(lanes):
    return [one.mark.shape for lane in lanes for one in lane.marks]


class TestTheAxis:
    def test_gives_the_first_weeks_the_most_room_and_loses_no_day(self):
        axis = Axis(0, 365)

        places = [axis.place(day) for day in range(366)]

        assert places == sorted(places)
        assert (places[0], places[-1]) == (0, 100)
        assert axis.place(28) > 25

    def test_keeps_a_strip_for_the_days_before(self):
        axis = axis_for([-14, 100])

        assert axis.place(-14) == 0
        assert 0 < axis.place(-7) < axis.place(0) < axis.place(1)

    @pytest.mark.parametrize(("days", "last"), [([3], 42), ([100], 100), ([900], 365)])
    def test_is_as_long_as_what_there_is_within_a_year(self, days, last):
        assert axis_for(days).last == last

    @pytest.mark.parametrize("last", [42, 90, 200, 365])
    def test_its_marks_can_be_read_on_a_telephone(self, last):
        places = [place for _day, place in axis_for([last]).marks]

        assert min(b - a for a, b in pairwise(places)) >= 8


class TestMessages:
    @pytest.mark.parametrize(
        ("status", "shape"),
        [
            (DeliveryStatus.DELIVERED, "arrived"),
            (DeliveryStatus.ACCEPTED, "sent"),
            (DeliveryStatus.UNKNOWN, "unknown"),
            (DeliveryStatus.QUEUED, "planned"),
            (DeliveryStatus.SENDING, "planned"),
            (DeliveryStatus.UNDELIVERED, "lost"),
            (DeliveryStatus.REFUSED, "lost"),
            (DeliveryStatus.EXPIRED, "lost"),
            (DeliveryStatus.SKIPPED, "lost"),
        ],
    )
    def test_have_a_shape_for_each_state(self, chart, surgery, status, shape):
        DeliveryFactory(reminder__surgery=surgery, status=status)

        assert shapes(chart().messages) == [shape]

    def test_count_as_arrived_when_one_of_two_channels_arrived(self, chart, surgery):
        sent = ReminderFactory(surgery=surgery, status=ReminderStatus.DISPATCHED)
        DeliveryFactory(reminder=sent, channel="sms", status=DeliveryStatus.UNDELIVERED)
        DeliveryFactory(reminder=sent, channel="email", status=DeliveryStatus.DELIVERED)

        assert shapes(chart().messages) == ["arrived"]

    def test_to_come_are_hollow_and_what_fell_away_is_left_out(self, chart, surgery):
        ReminderFactory(surgery=surgery, due_at=NOON + DAY)
        ReminderFactory(surgery=surgery, due_at=NOON + 2 * DAY, status=ReminderStatus.HELD)
        ReminderFactory(surgery=surgery, status=ReminderStatus.CANCELLED)
        ReminderFactory(surgery=surgery, status=ReminderStatus.MISSED, reason="enrolled_late")

        assert sorted(shapes(chart().messages)) == ["held", "planned"]

    def test_stand_in_a_lane_for_each_category(self, chart, surgery):
        for category in (Category.WOUND, Category.CHECK_IN, Category.WOUND):
            ReminderFactory(surgery=surgery, category=category)

        assert sorted(len(lane.marks) for lane in chart().messages) == [1, 2]

    def test_of_another_operation_or_to_a_carer_are_not_this_picture(self, chart, surgery):
        carer = CarerFactory(patient=surgery.patient)
        ReminderFactory(surgery=surgery, carer=carer, step__audience="carer")
        ReminderFactory(surgery=SurgeryFactory(patient=surgery.patient))

        assert chart().messages == ()


class TestTheRest:
    def test_alerts_differ_by_tier_and_by_being_closed(self, chart, surgery, nurse):
        AlertFactory(patient=surgery.patient, tier="emergency")
        AlertFactory(
            patient=surgery.patient, tier="routine", status=AlertStatus.CLOSED, closed_by=nurse,
            outcome="Nothing to do", opened_at=NOON - DAY,
        )  # fmt: skip

        assert sorted(shapes(chart().events)) == ["alert-bad", "alert-wait-closed"]

    def test_an_open_emergency_is_drawn_on_top_of_all_others(self, chart, surgery, nurse):
        for tier in ("emergency", "routine", "same_day"):
            AlertFactory(patient=surgery.patient, tier=tier)
        AlertFactory(
            patient=surgery.patient, tier="emergency", status=AlertStatus.CLOSED, closed_by=nurse,
            outcome="Nothing to do",
        )  # fmt: skip

        (lane,) = chart().events
        assert [one.mark.shape for one in lane.marks] == [
            "alert-bad-closed", "alert-wait", "alert-warn", "alert-bad",
        ]  # fmt: skip

    def test_replies_and_calls_share_a_lane_without_corrected_entries(self, chart, surgery):
        patient = surgery.patient
        ReplyFactory(by=patient, patient=patient)
        first = PhoneCallFactory(patient=patient, reached=Reached.PATIENT)
        PhoneCallFactory(patient=patient, reached=Reached.NOBODY, corrects=first)

        assert sorted(shapes(chart().events)) == ["reply", "try"]

    def test_answers_are_a_curve_that_falls_as_the_pain_does(self, chart, surgery):
        check_in_on(3, surgery, pain_limb="8")
        check_in_on(14, surgery, pain_limb="2")

        (lane,) = chart().curves
        (line,) = lane.lines

        assert [number for _x, _y, number in line.points] == ["8", "2"]
        ((x1, y1, x2, y2),) = line.segments
        assert x1 < x2
        assert y1 < y2  # further down is less pain

    def test_a_limit_ends_where_its_day_stands_on_the_same_axis(self, own_clinic, chart, surgery):
        a_live_version(own_clinic, WALK)

        drawn = chart()

        (swim,) = [
            lane for lane in drawn.limits if lane.note == "day 28" and lane.label == "Swimming"
        ]
        places = dict(drawn.ticks)
        assert swim.look == "held"
        assert round(sum(swim.bar), 1) == round(places[28], 1)
        assert places[14] < drawn.today_x < places[28]


class TestForEverybody:
    def test_the_table_has_a_row_for_each_mark_and_each_answer(self, chart, surgery):
        DeliveryFactory(reminder__surgery=surgery, status=DeliveryStatus.DELIVERED)
        AlertFactory(patient=surgery.patient)
        PhoneCallFactory(patient=surgery.patient)
        check_in_on(3, surgery, pain_limb="8")

        drawn = chart()

        marks = len(shapes(drawn.messages)) + len(shapes(drawn.events))
        points = sum(len(line.points) for lane in drawn.curves for line in lane.lines)
        assert (marks, points) == (3, 1)
        assert len(drawn.table) == marks + points

    def test_a_language_that_writes_12_5_moves_no_mark(self, browser, surgery, settings):
        check_in_on(3, surgery, pain_limb="8")
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"

        page = browser.get(reverse("admin:clinic_surgery_recovery", args=[surgery.pk]))

        picture = words_of(page).partition('class="rc-picture"')[2].partition("</section>")[0]
        assert "," not in "".join(part.partition('"')[0] for part in picture.split('x="')[1:])
