"""What the flow answers where something cannot be done with a version, as it writes it.

It says it in English, for whoever called it. The panel says it again in the reader's language.
"""

from django.utils.translation import gettext_noop

REFUSALS = (
    gettext_noop("Only a draft can be handed in. This one is {state}."),
    gettext_noop("Only a version in review can be signed. This one is {state}."),
    gettext_noop("Only a version in review can be sent back. This one is {state}."),
    gettext_noop("Only an approved version can go live. This one is {state}."),
    gettext_noop("The author of a version cannot sign it. Ask a colleague."),
    gettext_noop("Only a surgeon, nurse or physiotherapist can sign content."),
    gettext_noop("Your registration number is missing. Ask the manager to enter it."),
    gettext_noop("Your role cannot send content back."),
    gettext_noop("Say what its writers should put right."),
    gettext_noop("The reason is too long. Keep it under {number} characters."),
    gettext_noop("Your role cannot put content live."),
    gettext_noop("Still missing: {signatures}."),
    gettext_noop("This content belongs to another clinic."),
    gettext_noop("The content has changed since it was handed in. Begin a new draft from it."),
    gettext_noop("{number} findings must be put right first. {findings}"),
    gettext_noop("Only a draft is edited; this one is {state}. Begin a draft from it."),
    gettext_noop("Your role cannot edit content."),
    gettext_noop("A colleague has dropped this step meanwhile."),
    gettext_noop("Say what is wrong with the message."),
    gettext_noop("There is no such message at this clinic."),
    gettext_noop("Nobody has pulled this message."),
    gettext_noop("Only a clinician restores a message."),
    gettext_noop("A call that is to come cannot be written down."),
    gettext_noop("Whoever called us was the patient, or a carer."),
    gettext_noop("Say what came of it: choose a code, or write a note."),
    gettext_noop("That is about another patient."),
)

# Which signatures a version still needs.
SIGNATURES = (
    gettext_noop("the signature of a surgeon or nurse"),
    gettext_noop("the signature of a physiotherapist"),
    gettext_noop("{number} more of {needed} signatures"),
)
