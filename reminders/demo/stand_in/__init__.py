"""The stand-in provider: a telephone network and a mail server for the demo and the tests.

A process of its own with a log of its own (`stand_in.jsonl`, append-only, read again at the next
start). It speaks the SMS provider's protocol, so that the product runs its production code:

- `POST` and `GET /2010-04-01/Accounts/{sid}/Messages.json`, `GET .../Messages/{id}.json`; list
  filters `To`, `From`, `DateSent`, `DateSent>`, `DateSent<`, `PageSize`, `Page`;
- signed receipts to each message's StatusCallback (queued, sent, delivered);
- signed inbound messages to `{public url}/hooks/twilio/inbound/`;
- SMTP on its second port.

Numbers that always fail, as in the provider's manual for test accounts: +15005550001 (21211, no
number), +15005550002 (21612, no route), +15005550004 (21610, blocked), +15005550009 (21614, no
mobile).

What people and tests ask of it, all under `/stand-in/`, JSON in and out:

- `GET messages?to=&limit=`: `{"messages": [...]}`, newest last. Each has `id`, `kind` (sms, email),
  `direction` (to_patient, from_patient), `address` (the patient's), `from`, `to`, `subject`,
  `text`, `html`, `headers`, `at` (ISO, UTC), `reference`, `message_id`, `status`, `error_code`,
  `segments`.
- `GET threads`: `{"threads": [...]}`, one per number or mail address, latest first, each with
  `address`, `kind`, `count`, `last_at`, `last_text`.
- `POST inbound {"from", "to", "body"}` (also `id` to repeat one, `media`): sends the signed
  webhook and answers `{"status": 200, "body": "...", "id": "SM..."}`, what the webhook said.
- `GET mode`, `POST mode {"mode", "times", "one_in", "wait_seconds"}`: see `modes.py`.
- `POST receipts {"on", "delay_seconds"}`: switch receipts off, or make them wait.
- `GET counts`: `sms` and `email` accepted, `by_reference_doubles`, `receipts_waiting`,
  `receipts_sent`, `receipts_failed`.
- `GET references`: `{"sms": {reference: times}, "email": {...}}`, for the daily balance.
- `POST reset`: forget everything and behave well again.
"""
