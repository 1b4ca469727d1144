from tests.channels.providers import control, hurried_sms, responses, sms, stand_in, webhook

__all__ = ["control", "hurried_sms", "responses", "sms", "stand_in", "webhook"]
