"""What a patient wrote → what it means. Urgency may only be raised here, never lowered.

An opt-out, an opt-in, a call for help and an exact answer to the open question are understood;
whatever is not exact is for a person. The raw text is kept elsewhere; this reads a copy.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Heard(StrEnum):
    """What a reply is taken for."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    ANSWER = "answer"
    URGENT = "urgent"
    THANKS = "thanks"
    TAP_BACK = "tap_back"
    AUTOMATIC = "automatic"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a reply means. `code` is the answer's code; `for_a_person` asks for a human as well.

    `is_urgent` stands beside what was heard: an opt-out that speaks of danger is both. So does
    `is_hold`: we reach the wrong person, or the patient has died; until a person looked, be silent.
    """

    heard: Heard
    code: str = ""
    for_a_person: bool = False
    is_urgent: bool = False
    is_hold: bool = False

    @property
    def may_be_an_answer(self) -> bool:
        """True when an open question could have made it an answer; else it cannot."""
        return self.heard in (Heard.THANKS, Heard.UNCLEAR) and not self.is_hold


# The words a reasonable person uses to opt out (FCC list, bad_inputs R05, and es, fr, de, pl, ar).
OPT_OUT_WORDS = frozenset(
    (
        "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
        "opt out", "parar", "pare", "baja", "alto", "cancelar", "no mas", "no más", "arret",
        "arrêt", "arreter", "arrêter", "stopp", "koniec", "توقف", "ايقاف", "إيقاف", "قف",
    )
)  # fmt: skip
OPT_OUT_PHRASES = (
    "stop texting", "stop messaging", "stop sending", "stop these texts", "stop these messages",
    "stop the texts", "stop the messages",
    "take me off this", "take me off the list", "take me off your", "remove me from this",
    "remove me from the list", "remove me from your", "no more texts", "no more messages",
    "wrong number", "dont text me", "do not text me", "no me escriban", "deje de enviar",
)  # fmt: skip
# Said around a stop, they leave it a stop.
COURTESY = frozenset(("stop", "please", "pls", "now", "thanks", "thank", "you"))
# One of these turns an opt-out phrase around, or into something else.
NOT_AN_OPT_OUT = ("dont stop", "do not stop", "never stop", "cant stop", "wont stop", "not stop")
OPT_IN_WORDS = frozenset(("start", "unstop", "empezar", "iniciar", "ابدأ"))
HELP_WORDS = frozenset(("help", "info", "ayuda", "مساعدة"))
THANKS_WORDS = frozenset(
    (
        "ok", "k", "okay", "thanks", "thx", "ta", "cheers", "gracias", "merci", "شكرا", "👍", "🙏",
        "thank you", "many thanks", "ok thanks",
    )
)  # fmt: skip
# The whole of the text: words of the patient's own behind the quotation are no tap-back.
TAP_BACK = re.compile(
    r"(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|(reacted )?[^\w\s]{1,8} to"
    r"|removed an? [\w ]{1,20} from)\s([“\"][^“”\"]*[”\"]|«[^«»]*»)",
    re.I,
)
AUTOMATIC = ("sent automatically", "auto-reply", "autoreply", "automatic reply", "out of office")

# Signs of danger in words, spelled as people spell them (clinical.md 4a; bad_inputs R10-R44). Each
# entry is a set of word beginnings that all occur; some must be the whole word (WHOLE_WORDS, and
# figures: the 999 of 9995 is none). A hit only ever raises the urgency.
URGENT_SIGNS: tuple[tuple[str, ...], ...] = (
    ("breath", "cant"), ("breath", "cannot"), ("breath", "not"), ("breath", "unable"),
    ("breath", "short"), ("breath", "hard"), ("breath", "trouble"), ("breath", "struggl"),
    ("breath", "difficult"), ("breathless",), ("chest",), ("pass", "out"), ("faint",), ("collaps",),
    ("pee", "cant"), ("pee", "cannot"), ("pee", "not"), ("pee", "unable"), ("pee", "havent"),
    ("wee", "cant"), ("wee", "cannot"), ("wee", "not"), ("wee", "unable"), ("wee", "havent"),
    ("urin", "cant"), ("urin", "cannot"), ("urin", "not"), ("urin", "unable"),
    ("water", "cant", "pass"), ("water", "cannot", "pass"), ("water", "not", "pass"),
    ("bladder",), ("bowel",), ("incontinen",), ("numb",), ("saddle",), ("weak", "leg"),
    ("weak", "arm"), ("foot", "drop"), ("paraly",), ("cant", "move"), ("cant", "feel"),
    ("bleed",), ("blood",), ("pus",), ("ooz",), ("fever",), ("shiver",), ("calf",), ("stroke",),
    ("unconscious",), ("confus",), ("sick", "stop"), ("vomit",), ("clear", "fluid"),
    ("non-stop", "pain"), ("nonstop", "pain"), ("worst", "pain"), ("unbearable",), ("agony",),
    ("help", "me"), ("please", "help"), ("pls", "help"), ("plz", "help"), ("helpme",),
    ("cantbreath",), ("emergency",), ("ambulance",), ("999",), ("911",), ("112",),
    ("suicid",), ("kill", "myself"), ("duele", "pecho"), ("respirar",), ("sangr",), ("respirer",),
    ("poitrine",), ("胸",), ("息",), ("التنفس",), ("صدري",), ("نزيف",),
)  # fmt: skip
# They have died (bad_inputs R46).
DEATH_PHRASES = (
    "has died", "have died", "has passed away", "passed away", "is deceased", "ha muerto",
    "ha fallecido", "est mort", "est décédé", "توفي",
)  # fmt: skip
# Or they never were our patient (bad_inputs R47).
HOLD_PHRASES = (
    *DEATH_PHRASES, "not my number", "who is this", "wrong person", "you have the wrong",
)  # fmt: skip
THINGS_THAT_DIE = ("phone", "battery", "mobile")
URGENT_EMOJI = frozenset("🆘🩸🤢🤮🚑")
# Too many everyday words begin like these: helpful, medicine, outside, pleased.
WHOLE_WORDS = frozenset(("help", "me", "out", "please", "pls", "plz"))
# Everyday words that begin like a sign of danger and are none. Words that people also use for the
# danger itself stay out of this list: weeping, hardly, nothing, bloody, clearly.
EVERYDAY = frozenset(
    (
        "number", "numbers", "numbered", "push", "pushed", "pushes", "pushing", "pushup", "pushups",
        "pushchair", "week", "weeks", "weekly", "weekend", "weekends", "weekday", "weekdays",
        "weeknight", "weeknights", "weed", "weeds", "weeding", "peel", "peels", "peeled", "peeling",
        "peek", "peer", "note", "notes", "noted", "notice", "notices", "noticed", "noticing",
        "notify", "notified", "notification", "notifications", "canteen", "shortly", "shorts",
        "chestnut", "chestnuts", "passport", "passports", "password", "passwords", "passenger",
        "passengers", "passive", "waterproof", "legal", "legally", "army", "armchair", "football",
        "footpath", "footwear", "paint", "paints", "painted", "painter",
        "painting", "painless", "sangria", "sangría",
    )
)  # fmt: skip
# The same where words are not set apart: rest, news, information, interest, son.
EVERYDAY_INSIDE = re.compile("休息|消息|信息|利息|息子")
YES = frozenset(("yes", "y", "yep", "yeah", "si", "sí", "oui", "ja", "نعم"))
NO = frozenset(("no", "n", "nope", "non", "nein", "لا"))
LONGEST_TYPO = 8
SCALE = re.compile(r"(\d+) ?(?:/|out of|of) ?(\d+)")  # 2/5
MINUS = re.compile(r"- ?\d")  # -1 is no answer 1
# What stands around a word and says nothing; a dash too, unless it is the minus of a number.
AT_THE_ENDS = ' .,;:!?"“”«»()[]#*_'


def understand(text: str, *, open_codes: Iterable[str]) -> Understanding:
    """Return what the reply means. `open_codes` are the answers of the one open question.

    Give none when there is no open question or more than one: then no number is an answer.
    """
    plain = normalised(text)
    if TAP_BACK.fullmatch(_shown(text).strip()) and not URGENT_EMOJI.intersection(text):
        return Understanding(Heard.TAP_BACK)
    urgent = _is_urgent(text, plain)
    if _is_opt_out(plain):
        phrase = plain not in OPT_OUT_WORDS and not _is_typo_of_stop(plain)
        return Understanding(Heard.OPT_OUT, for_a_person=phrase or urgent, is_urgent=urgent)
    if urgent:
        return Understanding(
            Heard.URGENT, for_a_person=True, is_urgent=True, is_hold=_is_hold(plain)
        )
    if _is_hold(plain):
        return Understanding(Heard.UNCLEAR, for_a_person=True, is_hold=True)
    if any(sign in plain for sign in AUTOMATIC):
        return Understanding(Heard.AUTOMATIC)
    if plain in OPT_IN_WORDS:
        return Understanding(Heard.OPT_IN)
    if plain in HELP_WORDS:
        return Understanding(Heard.HELP)
    if code := answer_code(plain, open_codes):
        return Understanding(Heard.ANSWER, code=code)
    if plain in THANKS_WORDS:
        return Understanding(Heard.THANKS)
    return Understanding(Heard.UNCLEAR, for_a_person=True)


def normalised(text: str) -> str:
    """Return the text for matching only: compatibility forms, lower case, no marks at the ends.

    Zero-width characters and variation selectors go, apostrophes go ("can't" is "cant"), digits
    of any script become ASCII digits.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(_digit(c) for c in _shown(folded))
    kept = re.sub(r"['’‘`´]", "", kept)
    bare = " ".join(kept.split()).strip(AT_THE_ENDS)
    return bare if MINUS.match(bare) else bare.strip(AT_THE_ENDS + "-")


def _shown(text: str) -> str:
    return "".join(c for c in text if not _is_invisible(c))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _is_invisible(character: str) -> bool:
    kind = unicodedata.category(character)
    is_selector = "\ufe00" <= character <= "\ufe0f" or character == "\u20e3"
    return is_selector or kind == "Cf" or (kind == "Cc" and not character.isspace())


def _is_opt_out(plain: str) -> bool:
    if any(turn in plain for turn in NOT_AN_OPT_OUT):
        return False
    if plain in OPT_OUT_WORDS or _is_typo_of_stop(plain):
        return True
    words = set(re.split(r"[\W_]+", plain))
    politely = "stop" in words and words <= COURTESY
    return politely or any(phrase in plain for phrase in OPT_OUT_PHRASES)


def _is_hold(plain: str) -> bool:
    if any(thing in plain for thing in THINGS_THAT_DIE):
        return "not my" in plain
    return any(phrase in plain for phrase in HOLD_PHRASES)


def tells_of_a_death(text: str) -> bool:
    """True when somebody has died, by the words that also make a reply `is_hold`."""
    plain = normalised(text)
    is_thing = any(thing in plain for thing in THINGS_THAT_DIE)
    return not is_thing and any(phrase in plain for phrase in DEATH_PHRASES)


def _is_typo_of_stop(plain: str) -> bool:
    """One slip away from "stop", alone: a letter too many, swapped, or held down."""
    if not plain.isalpha() or len(plain) > LONGEST_TYPO:
        return False
    swaps = {"tsop", "sotp", "stpo"}
    return _squeezed(plain) == "stop" or plain in swaps


def _is_urgent(raw: str, plain: str) -> bool:
    if any(character in URGENT_EMOJI for character in raw):
        return True
    plain = EVERYDAY_INSIDE.sub(" ", plain)
    words = [word for word in re.split(r"[\W_]+", plain) if word not in EVERYDAY]
    return any(all(_has(part, words, plain) for part in sign) for sign in URGENT_SIGNS)


def _has(part: str, words: list[str], plain: str) -> bool:
    if not part.isascii() or "-" in part:
        return part in plain
    if part in WHOLE_WORDS:
        return any(part in (word, _squeezed(word)) for word in words)
    if part.isdecimal():
        return any(
            word.startswith(part) and not word[len(part) :][:1].isdecimal() for word in words
        )
    return any(word.startswith(part) for word in words)


def _squeezed(word: str) -> str:
    """Return the word without letters that were held down: "helppp" is "help"."""
    return re.sub(r"(.)\1+", r"\1", word)


def answer_code(plain: str, open_codes: Iterable[str]) -> str:
    """Return the code of an exact answer, or an empty text. Look-alikes are no answers."""
    codes = list(open_codes)
    plain = _of_this_scale(plain, codes)
    for code in codes:
        if plain == code.casefold():
            return code
        if code.casefold() == "y" and plain in YES:
            return code
        if code.casefold() == "n" and plain in NO:
            return code
    return ""


def _of_this_scale(plain: str, codes: list[str]) -> str:
    """Return the 2 of "2/5" when 5 is the last of the answers, else the text as it is."""
    found = SCALE.fullmatch(plain)
    numbers = [code for code in codes if code.isdecimal()]
    is_ours = found is not None and numbers == codes and found[2] == max(codes, key=int, default="")
    return found[1] if found and is_ours else plain
