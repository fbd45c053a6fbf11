"""What somebody wrote, without what they answer and without their signature: French and English mail programs.

Line by line, in time that grows with the length. In doubt a line stays: it is better to show a name too much than
to lose a word. What is written below or between quotes stays too, with the quotes that it answers (`cut`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.mail.incoming.markup import END

# Our own letters carry one of these lines above what they tell: the surest sign of all.
REPLY_LINES = ("Write above this line to reply", "Écrivez au-dessus de cette ligne pour répondre")
# Of a quote that an answer stands below, as much as shows what it answers.
QUOTED_LINES = 8
_ATTRIBUTION_LINES = 3
_ATTRIBUTION_LENGTH = 400
_CLOSING_LINES = 8
_CLOSING_LENGTH = 80

_REPLY_LINE = re.compile(
    r"(?:write|reply|answer) above this line|(?:écrivez|répondez) au-dessus de cette ligne", re.IGNORECASE
)
_WROTE = (
    re.compile(r"On\b(?=.*\d).{4,380}\bwrote ?:", re.IGNORECASE),
    re.compile(r"Le\b(?=.*\d).{4,380}\ba écrit ?:", re.IGNORECASE),
    re.compile(r".{0,200}<[^<>\s]{3,120}@[^<>\s]{3,120}>\]? ?(?:wrote|a écrit) ?:", re.IGNORECASE),
    re.compile(r".{2,200}(?:wrote on|a écrit le)\b(?=.*\d).{4,80}:", re.IGNORECASE),
    re.compile(r"\d{4}-\d\d-\d\d\b.{0,200}<[^<>\s]{3,120}@[^<>\s]{3,120}> ?:"),
)
# What a program writes and a person hardly does: the minute, or an address.
_EXACT = re.compile(r"\d{1,2}[:h]\d\d|<[^<>\s]{3,120}@")
_WROTE_BEGINS = re.compile(r"(?:On|Le)\b|\d{4}-\d\d-\d\d\b|.{0,120}<[^<>\s]{3,120}@", re.IGNORECASE)
_DIVIDER = re.compile(
    r"[-_ ]{3,}\s?(?:original message|forwarded message|message d['’]origine|message original|mail original"
    r"|message transféré|e-mail d['’]origine|courriel original)\s?[-_ ]{3,}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{8,}")
_LABEL = re.compile(
    r"[*_ ]{0,4}(from|de|expéditeur|sender|sent|date|to|subject|cc|envoyé|envoyé le|à|a|pour|objet|répondre à|reply-to)"
    r"[*_ ]{0,4} ?:[*_ ]{0,4}(?: |$)",
    re.IGNORECASE,
)
_FIRST_LABELS = {"from", "de", "expéditeur", "sender"}
_TELLING_LABELS = {"subject", "objet", "sent", "envoyé", "envoyé le", "date"}
_PHONE = re.compile(
    r"(?:sent|envoyée?|posted) (?:from|with|via|by|depuis|de|à partir d['’e]|avec|par)"
    r"(?: (?:my|mon|ma|l['’]|la|le|un|une|the))? ?.{1,60}",
    re.IGNORECASE,
)
_PHONE_WORDS = re.compile(
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|pixel|blackberry|smartphone|mobile|téléphone|phone|tablette"
    r"|outlook|courrier|windows|yahoo|proton|orange|gmail|bluemail|k-9|fairemail|aqua mail|spark|zimbra|thunderbird"
    r"|sfr|la poste|laposte|tutanota|tuta|mailo|infomaniak|mail",
    re.IGNORECASE,
)
_APP = re.compile(
    r"(?:get|obtenir|obtenez|télécharger|téléchargez|download) (?:bluemail|outlook|yahoo|l['’]application).{0,120}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:bien |très |sincèrement |mille |avec mes |meilleures? |sincères )?(?:cordialement|cdlt|cdt|bien à (?:vous|toi|tous)"
    r"|salutations(?: distinguées| cordiales)?|à (?:bientôt|plus|demain)|amicalement|amitiés|respectueusement"
    r"|bonne (?:journée|soirée|fin de journée|semaine)|belle journée|excellente journée"
    r"|(?:(?:best|kind|warm|many|with kind) )?regards|best wishes|best|cheers|sincerely|yours(?: sincerely| truly| faithfully)?"
    r"|all the best|have a (?:nice|good|great) (?:day|evening|week(?:end)?))(?: à (?:tous|toutes|vous|toi))?[ ,.!]*",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:avertissement ?:|disclaimer\b|confidentiality|confidentialité ?:|confidential(?:ity)? notice|privacy notice"
    r"|ce (?:message|courriel|mail|e-mail)(?:,? (?:et|ainsi que))? (?:tou(?:te)?s (?:les|ses)|ses|les|contient|est|peut|établi|à l)"
    r"|this (?:message|e-?mail|communication)(?: and| is| may| contains|,)"
    r"|the information (?:contained |in )"
    r"|les informations contenues dans ce"
    r"|please consider the environment|pensez à l['’]environnement|merci de penser à l['’]environnement"
    r"|n['’]imprimez (?:ce|cet)|avant d['’]imprimer"
    r"|(?:virus-free|garanti sans virus|sans virus|l['’]absence de virus)\b)",
    re.IGNORECASE,
)
_SOME_DISCLAIMER_WORD = re.compile(
    r"confiden|destina|recipient|intended|privileg|imprim|print|virus|environ|avast|secret", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"\[(?:cid:[^\]\s]{1,200}|image ?:[^\]]{1,120}|inline image[^\]]{0,80}|une image[^\]]{0,200})\]",
    re.IGNORECASE,
)


@dataclass
class _Line:
    text: str
    is_quoted: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def is_written(self) -> bool:
        return not self.is_quoted and not self.is_blank


def without_signature(text: str, *, names: Sequence[str] = ()) -> str:
    """Return a mail that answers nothing: whole, with what it forwards or quotes, but for the signature."""
    lines = [_Line(line.text) for line in _lines_of(text) if line.text != END]
    return "\n".join(line.text for line in _without_name(_without_signatures(lines), names)).strip()


def cut(text: str, *, names: Sequence[str] = ()) -> str:
    """Return what the sender wrote, as Markdown; `names` are the sender's, which may end a mail.

    Above quotes: the quotes go. Below one quote, nothing above: it goes, too. Between or below several, or around
    one: those that are answered stay, shortened, as Markdown quotes; the one that nothing follows goes.
    """
    lines = _lines_of(text)
    lines = lines[: _end_of_own(lines)]
    _mark_attributions(lines)
    lines = _without_signatures(lines)
    lines = _without_name(lines, names)
    return _put_together(lines)


def _lines_of(text: str) -> list[_Line]:
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufeff", "").replace("\u200b", "")
    plain = _PLACEHOLDER.sub("", plain)
    return [_Line(line.rstrip(), line.startswith(">")) for line in plain.split("\n")]


def _end_of_own(lines: list[_Line]) -> int:
    """Return where begins what can only be the answered mail, unquoted as Outlook leaves it."""
    for place, line in enumerate(lines):
        if line.is_quoted:
            continue
        text = line.text.strip(" *_#–—-")
        if (
            line.text == END
            or _REPLY_LINE.search(line.text[:200])
            or _DIVIDER.fullmatch(line.text.strip(" *")[:120])
        ):
            return _above_rule(lines, place)
        if _LABEL.match(text) and _begins_headers(lines, place):
            return _above_rule(lines, place)
    return len(lines)


def _above_rule(lines: list[_Line], place: int) -> int:
    """A line drawn above what was answered belongs to it."""
    above = place - 1
    while above >= 0 and lines[above].is_blank:
        above -= 1
    return above if above >= 0 and _RULE.fullmatch(lines[above].text.strip()) else place


def _begins_headers(lines: list[_Line], place: int) -> bool:
    """Tell whether the header of the answered mail begins here: who, when and about what, line by line."""
    found = [_label(line.text) for line in lines[place : place + 8]]
    labels = [label for label in found if label]
    return (
        bool(labels)
        and found[0] in _FIRST_LABELS
        and len(labels) >= 3
        and any(label in _TELLING_LABELS for label in labels[1:])
    )


def _label(text: str) -> str:
    found = _LABEL.match(text[:80])
    return found[1].casefold() if found else ""


def _mark_attributions(lines: list[_Line]) -> None:
    """Let “On …, … wrote:” belong to the quote that it announces, over as many lines as it takes."""
    place = 0
    while place < len(lines):
        length = 0 if lines[place].is_quoted else _attribution_at(lines, place)
        if length and not _announces_quote(lines, place + length):
            # The answered mail follows without any mark; or somebody tells what was once written to them.
            if _EXACT.search(" ".join(line.text for line in lines[place : place + length])):
                del lines[place:]
            length = 0
        for line in lines[place : place + length]:
            line.is_quoted, line.text = True, ">"
        place += length or 1


def _announces_quote(lines: list[_Line], place: int) -> bool:
    following = next((line for line in lines[place:] if not line.is_blank), None)
    return following is not None and following.is_quoted


def _attribution_at(lines: list[_Line], place: int) -> int:
    joined = ""
    if not _WROTE_BEGINS.match(lines[place].text.strip(" *")[:240]):
        return 0
    for length in range(1, _ATTRIBUTION_LINES + 1):
        if place + length > len(lines) or lines[place + length - 1].is_blank:
            return 0
        joined = f"{joined} {lines[place + length - 1].text.strip(' *')}".strip()
        if len(joined) > _ATTRIBUTION_LENGTH:
            return 0
        if joined.endswith(":") and any(pattern.fullmatch(joined) for pattern in _WROTE):
            return length
    return 0


def _without_signatures(lines: list[_Line]) -> list[_Line]:
    """Leave out signatures, as each program marks them, wherever a part of what was written ends."""
    kept: list[_Line] = []
    for part in _parts(lines):
        kept += part if part[0].is_quoted else _without_signature(part, is_first=not kept)
    return kept


def _parts(lines: list[_Line]) -> list[list[_Line]]:
    """Divide into what is quoted and what is not, in turns."""
    parts: list[list[_Line]] = []
    for line in lines:
        if parts and parts[-1][0].is_quoted == line.is_quoted:
            parts[-1].append(line)
        else:
            parts.append([line])
    return parts


def _without_signature(part: list[_Line], *, is_first: bool) -> list[_Line]:
    end = len(part)
    has_words = not is_first
    for place, line in enumerate(part):
        text = line.text.strip()
        if text in {"--", "---"} and line.text.startswith("-") and has_words and text == "--":
            end = place
            break
        if _DISCLAIMER.match(text.strip("*_ ")) and _SOME_DISCLAIMER_WORD.search(_paragraph(part, place)):
            end = place
            break
        has_words = has_words or bool(text)
    own = [line for line in part[:end] if not _is_of_a_program(line.text.strip(" *_\u200b"))]
    return own[: _closing(own)]


def _paragraph(part: list[_Line], place: int) -> str:
    words = []
    for line in part[place : place + 12]:
        if line.is_blank:
            break
        words.append(line.text)
    return " ".join(words)


def _is_of_a_program(text: str) -> bool:
    """Tell whether a phone or a program added the line."""
    if len(text) > 160:
        return False
    return bool(
        (_PHONE.match(text) and _PHONE_WORDS.search(text) and len(text.split()) <= 12) or _APP.fullmatch(text)
    )


def _closing(part: list[_Line]) -> int:
    """Return where a polite ending begins that nothing but a few short lines follows: a name, a job, numbers."""
    written = [place for place, line in enumerate(part) if line.is_written]
    for place in reversed(written[-_CLOSING_LINES - 1 :]):
        if place == written[0] or len(part[place].text) > _CLOSING_LENGTH:
            break
        if _CLOSING.fullmatch(part[place].text.strip(" *_")):
            return place
    return len(part)


def _without_name(lines: list[_Line], names: Sequence[str]) -> list[_Line]:
    """Leave out the sender's name where it ends what was written."""
    known = {_plain(name) for full in names for name in (full, *full.split()) if len(name) > 1}
    written = [place for place, line in enumerate(lines) if line.is_written]
    if len(written) > 1 and _plain(lines[written[-1]].text) in known:
        return [line for place, line in enumerate(lines) if place != written[-1]]
    return lines


def _plain(text: str) -> str:
    return text.casefold().strip(" ,.!*_-–—")


def _put_together(lines: list[_Line]) -> str:
    written = [place for place, line in enumerate(lines) if line.is_written]
    if not written:
        return ""
    parts = _parts([line for line in lines[: written[-1] + 1] if line.text != END])
    quotes = [part for part in parts if part[0].is_quoted]
    above = next((line for line in lines if not line.is_blank), None)
    if len(quotes) == 1 and above is not None and above.is_quoted:
        parts = [part for part in parts if not part[0].is_quoted]
    pieces = [
        _shortened(part) if part[0].is_quoted else "\n".join(line.text for line in part) for part in parts
    ]
    joined = "\n\n".join(stripped for piece in pieces if (stripped := piece.strip("\n")))
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def _shortened(quote: list[_Line]) -> str:
    """Return the end of a quote, which is what is answered, as a Markdown quote of one level."""
    texts = [line.text.lstrip("> ").rstrip() for line in quote]
    while texts and not texts[-1]:
        texts.pop()
    while texts and not texts[0]:
        texts.pop(0)
    kept = texts[-QUOTED_LINES:]
    if len(kept) < len(texts):
        kept.insert(0, "…")
    return "\n".join(f"> {text}".rstrip() for text in kept)
