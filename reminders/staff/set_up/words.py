"""What each part of setting up is for, and how to mend what it lacks, in words of everyday."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from reminders.flow.readiness import Lack, Part
from reminders.rules.ladder_check import FIRST_WITHIN_MINUTES
from reminders.staff.duty.ladder_page import FLAWS_SAID
from reminders.staff.kept_words import kept_said
from reminders.staff.sending_switch import NUMBERS
from reminders.staff.words import Words


@dataclass(frozen=True, slots=True)
class PartWords:
    """A part's name, why it matters, and the words on the way to its page."""

    title: Words
    why: Words
    link: Words


PARTS_SAID: dict[Part, PartWords] = {
    Part.PLACE: PartWords(
        gettext_lazy("The clinic"),
        gettext_lazy("Its name in messages, its clock, its language, and its quiet hours."),
        gettext_lazy("Open the clinic's page"),
    ),
    Part.NUMBERS: PartWords(
        gettext_lazy("Numbers that patients call"),
        gettext_lazy("Call each of them once yourself, from a mobile, at night."),
        gettext_lazy("Enter the numbers"),
    ),
    Part.HOURS: PartWords(
        gettext_lazy("Opening hours and days off"),
        gettext_lazy("Holidays of the country are known. Enter the days on which you close too."),
        gettext_lazy("Open hours and closures"),
    ),
    Part.PEOPLE: PartWords(
        gettext_lazy("The people"),
        gettext_lazy("Everybody has an account of their own, with the role that they work in."),
        gettext_lazy("Open the staff list"),
    ),
    Part.LADDER: PartWords(
        gettext_lazy("Alert ladder"),
        gettext_lazy("Who is told of an alert, and who after them. The last step is a telephone."),
        gettext_lazy("Open the ladder"),
    ),
    Part.ROTA: PartWords(
        gettext_lazy("Duty rota"),
        gettext_lazy("Who is on duty this week, with a mobile that texts reach."),
        gettext_lazy("Open the rota"),
    ),
    Part.CONTENT: PartWords(
        gettext_lazy("Texts read and signed"),
        gettext_lazy("Your own clinicians read every text. What keeps patients safe needs two."),
        gettext_lazy("Read and sign"),
    ),
    Part.TRIED: PartWords(
        gettext_lazy("A made-up patient"),
        gettext_lazy("See on a calendar what somebody would get, before anybody gets it."),
        gettext_lazy("Try a made-up patient"),
    ),
    Part.TEXTS: PartWords(
        gettext_lazy("Text messages"),
        gettext_lazy("A test text has to arrive on a phone of yours."),
        gettext_lazy("Enter the number that texts come from"),
    ),
    Part.MAILS: PartWords(
        gettext_lazy("Mails"),
        gettext_lazy("A test mail has to arrive in a mailbox of yours."),
        gettext_lazy("Enter the addresses"),
    ),
    Part.RELEASED: PartWords(
        gettext_lazy("This installation"),
        gettext_lazy("A copy of a database never sends. An operator says that this is no copy."),
        "",
    ),
}

_LACKS: dict[str, Words] = {
    "no_name": gettext_lazy("Enter the clinic's name, and the name that messages show."),
    "numbers": gettext_lazy("Missing: {about}. Nothing is sent while one of them is empty."),
    "hours": gettext_lazy("The clinic closes before it opens. Correct the hours."),
    "nobody_runs_it": gettext_lazy(
        "Add a manager or a surgeon: one of them puts the clinic live, by name."
    ),
    "few_clinicians": gettext_lazy(
        "Add two clinicians with their registration numbers: texts need two signatures."
    ),
    "no_ladder": gettext_lazy("Open the ladder, look at each step, and save it."),
    "reaches_nobody": gettext_lazy("A step reaches nobody: {about}. Correct it."),
    "nobody_on_duty": gettext_lazy("Put somebody on duty within the next seven days."),
    "no_mobile": gettext_lazy("Enter a mobile number for {about}; texts of alerts go there."),
    "nothing_signed": gettext_lazy(
        "Hand in a pathway, have two clinicians sign it, then put it live."
    ),
    "in_review": gettext_lazy("Have {about} signed by two clinicians, then put it live."),
    "unsealed": gettext_lazy("{about} was changed after it was signed. Have it signed again."),
    "overdue": gettext_lazy("{about} is overdue for review. Read it again and have it signed."),
    "not_tried": gettext_lazy(
        "Open a live pathway with a made-up patient, and say that it is what you want."
    ),
    "no_sms_sender": gettext_lazy(
        "Enter the number that texts come from. Your SMS provider tells you."
    ),
    "no_text_arrived": gettext_lazy("Send a test text, and type the code that it brings."),
    "no_staff_email": gettext_lazy("Enter the staff address: it is told when sending stops."),
    "no_email_sender": gettext_lazy(
        "Enter the address that mails come from. A clinic that sends texts alone says so there."
    ),
    "no_mail_arrived": gettext_lazy("Send a test mail, and type the code that it brings."),
    "not_released": gettext_lazy("Ask your operator to run: manage.py release_sending"),
    **{flaw.value: said for flaw, said in FLAWS_SAID.items()},
}


def lack_said(lack: Lack) -> str:
    """Return one sentence that says what is missing and how to mend it."""
    if lack.what == "wrong":
        return " ".join(lack.about)
    about = ", ".join(str(NUMBERS.get(one, "")) or kept_said(one) for one in lack.about)
    return str(_LACKS[lack.what]).format(about=about, minutes=FIRST_WITHIN_MINUTES)
