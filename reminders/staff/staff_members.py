"""Staff: who works at the clinic, and in which role. Accounts are made by the operator."""

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from clinic.models import Staff
from reminders.staff.screen import Screen

if TYPE_CHECKING:
    Accounts = UserAdmin[Staff]
else:
    Accounts = UserAdmin


@admin.register(Staff)
class StaffScreen(Screen[Staff], Accounts):
    """The people of one's own clinic, with the registration that stands beside a signature."""

    empty_title = gettext_lazy("Nobody works here yet.")
    empty_words = gettext_lazy("Add each person with an account of their own.")
    called = gettext_lazy("Staff")
    add_button = gettext_lazy("Add a member of staff")
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "person",
        "work",
        "contact",
        "works_here",
        "factor",
    )
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = gettext_lazy("Name or email")
    ordering = ("last_name", "first_name", "username")
    filter_horizontal = ()
    has_history = True
    fieldsets = (
        (gettext_lazy("Account"), {"fields": ("username", "password", ("is_active", "is_staff"))}),
        (
            gettext_lazy("Person"),
            {"fields": (("first_name", "last_name"), ("email", "phone"))},
        ),
        (gettext_lazy("Work"), {"fields": (("clinic", "role"), "registration_number")}),
    )
    add_fieldsets = (
        (
            gettext_lazy("Account"),
            {"fields": ("username", "usable_password", "password1", "password2")},
        ),
        (gettext_lazy("Work"), {"fields": ("clinic", "role")}),
    )

    @admin.display(description=gettext_lazy("Name"), ordering="last_name")
    def person(self, staff: Staff) -> str:
        return format_html(
            '<span class="ac-two"><span class="ac-strong">{}</span><small>{}</small></span>',
            str(staff),
            staff.username,
        )

    @admin.display(description=gettext_lazy("Role"), ordering="role")
    def work(self, staff: Staff) -> str:
        return format_html(
            '<span class="ac-two"><span>{}</span><small>{}</small></span>',
            staff.get_role_display(),
            staff.registration_number,
        )

    @admin.display(description=gettext_lazy("Contact"))
    def contact(self, staff: Staff) -> str:
        return format_html(
            '<span class="ac-two"><span class="ac-number">{}</span>{}</span>',
            staff.phone or _("no number"),
            format_html("<small>{}</small>", staff.email) if staff.email else _without_mail(),
        )

    @admin.display(description=gettext_lazy("Can sign in"), boolean=True)
    def works_here(self, staff: Staff) -> bool:
        return staff.is_active and staff.is_staff

    @admin.display(description=gettext_lazy("Second factor"))
    def factor(self, staff: Any) -> str:
        if not staff.has_factor:
            return _("none yet")
        if not staff.may_be_reset:
            return _("set up")
        address = reverse("sign-in-reset", args=[staff.pk])
        return format_html(
            '{} · <a class="ac-link" href="{}">{}</a>', _("set up"), address, _("Reset")
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        own = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        may = request.user.has_perm("clinic.reset_second_factor")
        another = ~Q(pk=request.user.pk) if may else Q(pk__in=[])
        return (
            super()
            .get_queryset(request)
            .annotate(
                has_factor=Exists(own), may_be_reset=Case(When(another, then=True), default=False)
            )
        )

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True  # an account that is made here is for the panel
        elif not obj.is_active and "is_active" in form.changed_data:
            obj.signed_out_everywhere += 1  # switched on again later, no old session comes back
        super().save_model(request, obj, form, change)


def _without_mail() -> str:
    return format_html(
        '<span><span class="ac-pill ac-pill-warn">{}</span></span><small>{}</small>',
        _("no mail address"),
        _("is told of nothing by mail"),
    )
