from tests.channels.providers import control, responses, sms, stand_in, webhook

__all__ = ["control", "responses", "sms", "stand_in", "webhook"]
