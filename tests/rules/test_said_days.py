import pytest

from reminders.rules.said_days import said_days


def named(text, *, language="en"):
    return [(said.earliest, said.latest) for said in said_days(text, language=language)]


def definite(text, *, language="en"):
    return [said.earliest for said in said_days(text, language=language) if said.is_definite]


class TestTheTimesOfAText:
    @pytest.mark.parametrize(
        ("language", "text", "days"),
        [
            ("en", "Do not drive before day 14.", [(14, 14)]),
            ("en", "For the first six weeks lift no more than a kettle.", [(42, 42)]),
            ("en", "Weeks 4 to 6 are a good time.", [(28, 42)]),
            ("en", "Often 10 to 12 weeks.", [(70, 84)]),
            ("en", "Wait three months.", [(84, 93)]),
            ("en", "No bath for two weeks, no swimming until week 4.", [(14, 14), (28, 28)]),
            ("es", "No conduzca antes del día 14.", [(14, 14)]),
            ("es", "Las primeras seis semanas no levante peso.", [(42, 42)]),
            ("es", "De cuatro a seis semanas.", [(28, 42)]),
            ("es", "Durante tres meses.", [(84, 93)]),
        ],
    )
    def test_are_found_as_digits_and_as_words(self, language, text, days):
        assert named(text, language=language) == days

    @pytest.mark.parametrize(
        "text", ["Walk each day.", "Try 20 to 30 minutes a day.", "Keep it for a week.", "", "24 h"]
    )
    def test_are_none_where_no_day_is_counted(self, text):
        assert named(text) == []

    def test_are_none_in_a_language_that_it_does_not_read(self):
        assert named("لا تقد قبل اليوم 14", language="ar") == []


class TestWhatIsSaidAsTheClinicsOwn:
    @pytest.mark.parametrize(
        ("language", "text", "day"),
        [
            ("en", "Do not drive before day 14.", 14),
            ("en", "We ask you to rest until about week 2.", 14),
            ("en", "From day 28 you may cycle.", 28),
            ("es", "No conduzca hasta el día 14.", 14),
            ("es", "Desde el día 28 puede nadar.", 28),
        ],
    )
    def test_is_definite(self, language, text, day):
        assert definite(text, language=language) == [day]

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("en", "Some teams say not before day 14."),
            ("en", "A trial found that people did well after two weeks."),
            ("en", "Week 3: keep walking."),
            ("es", "Algunos equipos dicen no antes del día 14."),
            ("es", "Semana 3: siga caminando."),
        ],
    )
    def test_is_neither_what_others_do_nor_a_time_that_limits_nothing(self, language, text):
        assert named(text, language=language)
        assert definite(text, language=language) == []
