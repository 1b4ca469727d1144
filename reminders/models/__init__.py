"""What we tell patients and what comes back, as rows."""

from clinic.field_words import name_for_the_reader
from reminders.models.agreement import AgreedTo, PlanAgreement
from reminders.models.alert import Alert, AlertKind, AlertStatus, Tier
from reminders.models.bulk import (
    ALONE_AT_MOST,
    WAITS_FOR,
    BulkAction,
    BulkRequest,
    BulkRow,
    BulkRowStatus,
    BulkStatus,
    WhyLeftOut,
)
from reminders.models.check_in import CheckIn, CheckInAnswer, CheckInBy
from reminders.models.delivery import (
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Purpose,
)
from reminders.models.duty_change import DutyChange, DutyChangeKind
from reminders.models.export import Export, ExportFormat
from reminders.models.figures import DayFigures, FiguresCounted
from reminders.models.governance import PulledStep, VersionEvent, VersionEventKind
from reminders.models.instance import Instance
from reminders.models.ladder import (
    AlertStep,
    AlertStepStatus,
    DutyShift,
    How,
    Ladder,
    Rung,
    RungHours,
    Whom,
)
from reminders.models.pathway import (
    FOR_PHYSIOTHERAPISTS,
    SAFETY_CRITICAL,
    TIPS,
    Anchor,
    Audience,
    Category,
    Pathway,
    PathwayVersion,
    Privacy,
    Source,
    Step,
    StepText,
    VersionStatus,
)
from reminders.models.patient_link import (
    LinkPurpose,
    PageTry,
    PatientLink,
    PatientVisit,
)
from reminders.models.phone_call import CONTACT, CallAbout, Direction, PhoneCall, Reached
from reminders.models.receipt import Receipt
from reminders.models.reminder import Reminder, ReminderReason, ReminderStatus
from reminders.models.reply import Meaning, Reply, ReplyStatus
from reminders.models.restriction_change import ChangeKind, RestrictionChange
from reminders.models.sending_test import SendingTest
from reminders.models.sign_in_notice import SignInChange, SignInNotice
from reminders.models.sign_report import SignReport
from reminders.models.signature import Signature

__all__ = [
    "ALONE_AT_MOST",
    "CONTACT",
    "FOR_PHYSIOTHERAPISTS",
    "SAFETY_CRITICAL",
    "TIPS",
    "WAITS_FOR",
    "AgreedTo",
    "Alert",
    "AlertKind",
    "AlertStatus",
    "AlertStep",
    "AlertStepStatus",
    "Anchor",
    "Attempt",
    "AttemptStatus",
    "Audience",
    "BulkAction",
    "BulkRequest",
    "BulkRow",
    "BulkRowStatus",
    "BulkStatus",
    "CallAbout",
    "Category",
    "ChangeKind",
    "CheckIn",
    "CheckInAnswer",
    "CheckInBy",
    "DayFigures",
    "Delivery",
    "DeliveryReason",
    "DeliveryStatus",
    "Direction",
    "DutyChange",
    "DutyChangeKind",
    "DutyShift",
    "Export",
    "ExportFormat",
    "FiguresCounted",
    "How",
    "Instance",
    "Ladder",
    "LinkPurpose",
    "Meaning",
    "PageTry",
    "Pathway",
    "PathwayVersion",
    "PatientLink",
    "PatientVisit",
    "PhoneCall",
    "PlanAgreement",
    "Privacy",
    "PulledStep",
    "Purpose",
    "Reached",
    "Receipt",
    "Reminder",
    "ReminderReason",
    "ReminderStatus",
    "Reply",
    "ReplyStatus",
    "RestrictionChange",
    "Rung",
    "RungHours",
    "SendingTest",
    "SignInChange",
    "SignInNotice",
    "SignReport",
    "Signature",
    "Source",
    "Step",
    "StepText",
    "Tier",
    "VersionEvent",
    "VersionEventKind",
    "VersionStatus",
    "Whom",
    "WhyLeftOut",
]

name_for_the_reader(Alert, Delivery, Pathway, PathwayVersion, Reminder, Reply)
