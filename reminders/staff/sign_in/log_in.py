"""The log-in: a password, then a code of the second factor."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from django import forms
from django.contrib.auth import logout
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.http import HttpResponseRedirect as Redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from reminders.staff.sign_in.code import check_code
from reminders.staff.sign_in.page import CODE_AT_MOST, PASSWORD_AT_MOST, frame, going_on


class PasswordForm(LoginForm):
    """User name and password, neither long enough to keep a server busy."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].validators.append(MaxLengthValidator(PASSWORD_AT_MOST))


class CodeForm(AuthenticateForm):
    """Six digits of the authenticator, or a recovery code."""

    code = forms.CharField(max_length=CODE_AT_MOST)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.authenticator = check_code(self.user, code=code)
        return code


class PasswordView(LoginView):
    """The first half. Whoever has a second factor goes on to its code, others to set one up."""

    form_class = PasswordForm
    template_name = "admin/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | frame(self.request)

    def get_success_url(self) -> str:
        return going_on(self.request)


class CodeView(AuthenticateView):
    """The second half: nobody is signed in before it."""

    form_class = CodeForm
    template_name = "staff/sign_in/code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and "code" not in request.POST:
            return HttpResponseBadRequest()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.stage.login.user
        return super().get_context_data(**kwargs) | frame(self.request) | {"person": person}


@require_POST
def somebody_else(request: HttpRequest) -> HttpResponse:
    """Break off a log-in whose password was given, and begin again."""
    logout(request)
    return Redirect(reverse("account_login"))
