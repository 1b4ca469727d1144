"""A template engine that draws nothing: for asking who may, where nobody looks at the page."""

from typing import Any

from django.template.backends.base import BaseEngine


class BlankTemplate:
    """Any template, with nothing in it."""

    def render(self, context: Any = None, request: Any = None) -> str:
        return ""


class Blank(BaseEngine):
    """Finds every template, and each is empty."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        params = params.copy()
        params.pop("OPTIONS", None)
        super().__init__(params)

    def get_template(self, template_name: str) -> BlankTemplate:
        return BlankTemplate()

    def from_string(self, template_code: str) -> BlankTemplate:
        return BlankTemplate()
