"""The environment → values, strictly: a bad value stops the start and is named."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def env_text(name: str, *, default: str | None = None) -> str:
    """Return a setting as text; without a default it must be there and not be empty."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
    return value.strip()


def env_bool(name: str, *, default: bool) -> bool:
    """Return a setting as yes or no; `maybe` and an empty text are refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in TRUE | FALSE:
        return word in TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}. Write true or false.")


def env_int(name: str, *, default: int, lowest: int = 1, highest: int | None = None) -> int:
    """Return a setting as a whole number of at least `lowest`, and `highest` at most."""
    value = os.environ.get(name, str(default)).strip()
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number.") from None
    if number < lowest:
        raise ImproperlyConfigured(f"{name} is {number}. It must be {lowest} or more.")
    if highest is not None and number > highest:
        raise ImproperlyConfigured(f"{name} is {number}. It must be {highest} or less.")
    return number


def env_list(name: str, *, default: str = "") -> list[str]:
    """Return a setting as the parts of a comma-separated text."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_group(prefix: str) -> dict[str, str]:
    """Return the settings whose names begin with `prefix`, by the rest of their names."""
    return {
        name.removeprefix(prefix): value.strip()
        for name, value in os.environ.items()
        if name.startswith(prefix) and value.strip()
    }


def env_choice(name: str, *, choices: tuple[str, ...], default: str | None = None) -> str:
    """Return a setting that must be one of `choices`."""
    value = env_text(name, default=default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write one of: {', '.join(choices)}.")
    return value
