"""Staff: who works at the clinic, and in which role. Accounts are made by the operator."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.html import format_html
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

    called = "Staff"
    add_button = "Add a member of staff"
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("person", "role", "registration_number", "email", "phone", "works_here")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = "Name or email"
    ordering = ("last_name", "first_name", "username")
    filter_horizontal = ()
    has_history = True
    fieldsets = (
        ("Account", {"fields": ("username", "password", ("is_active", "is_staff"))}),
        (
            "Person",
            {"fields": (("first_name", "last_name"), ("email", "phone"))},
        ),
        ("Work", {"fields": (("clinic", "role"), "registration_number")}),
    )
    add_fieldsets = (
        ("Account", {"fields": ("username", "usable_password", "password1", "password2")}),
        ("Work", {"fields": ("clinic", "role")}),
    )

    @admin.display(description="Name", ordering="last_name")
    def person(self, staff: Staff) -> str:
        return format_html(
            '<span class="ac-two"><span class="ac-strong">{}</span><small>{}</small></span>',
            str(staff),
            staff.username,
        )

    @admin.display(description="Can sign in", boolean=True)
    def works_here(self, staff: Staff) -> bool:
        return staff.is_active and staff.is_staff

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True  # an account that is made here is for the panel
        super().save_model(request, obj, form, change)
