"""Invented people, spaces and posts for the styleguide, in both languages."""

import datetime as dt
from types import SimpleNamespace as Thing
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

PEOPLE = [
    ("Léa Marchand", "Chargée de transition énergétique", "Energy transition lead", "Lyon"),
    ("Thomas Okafor", "Conducteur de ligne", "Line operator", "Roubaix"),
    ("Inès Belkacem", "Ingénieure méthodes", "Process engineer", "Nantes"),
    ("Jean-Baptiste Roux", "Responsable qualité", "Head of quality", "Lyon"),
    ("Maud Le Goff", "Juriste", "Legal counsel", "Paris"),
    ("Samuel Ferreira", "Technicien de maintenance", "Maintenance technician", "Porto"),
    ("Aïcha Diallo", "Animatrice sécurité", "Safety officer", "Roubaix"),
    ("Oliver Hughes", "Acheteur", "Buyer", "Leeds"),
    ("Camille Perrin", "Apprentie, atelier bois", "Apprentice, wood workshop", "Nantes"),
]
SPACES = [
    (
        "network",
        "open",
        "Tout Hivernel",
        "All of Hivernel",
        "Les nouvelles de la maison.",
        "News of the house.",
        212,
    ),
    (
        "collaborative",
        "closed",
        "Zéro casse au transport",
        "No breakage in transit",
        "Diviser par trois la casse des vitrages livrés, d'ici la fin juin.",
        "Cut breakage of delivered panes to a third by the end of June.",
        14,
    ),
    (
        "network",
        "open",
        "Qualité et terrain",
        "Quality on the floor",
        "Ce qui marche à l'atelier, raconté par celles et ceux qui le font.",
        "What works on the shop floor, told by those who do it.",
        86,
    ),
    (
        "collaborative",
        "open",
        "Accueillir les nouveaux",
        "Welcoming newcomers",
        "Qu'une personne arrivée lundi sache vendredi à qui demander.",
        "Somebody who arrives on Monday knows by Friday whom to ask.",
        23,
    ),
    (
        "network",
        "open",
        "Femmes et technique",
        "Women in engineering",
        "S'entraider, se faire connaître.",
        "Help one another, be known.",
        54,
    ),
    (
        "network",
        "secret",
        "Comité de site",
        "Site committee",
        "Préparer les décisions du site.",
        "Prepare the site's decisions.",
        9,
    ),
    (
        "network",
        "open",
        "Vélo et trajets",
        "Cycling and commuting",
        "Itinéraires, ateliers, covoiturage.",
        "Routes, repairs, car sharing.",
        41,
    ),
    (
        "collaborative",
        "open",
        "Un catalogue sans papier",
        "A catalogue without paper",
        "Remplacer les 1 200 catalogues imprimés avant le salon d'octobre.",
        "Replace 1,200 printed catalogues before the October fair.",
        18,
    ),
]


def world(language: str) -> Any:
    """A small company, in the language that the page is shown in."""
    french = language.startswith("fr")
    people = [_person(index, french) for index in range(len(PEOPLE))]
    spaces = [_space(index, french, people) for index in range(len(SPACES))]
    organization = Thing(name="Hivernel", slug="hivernel", logo_url=None)
    return Thing(
        organization=organization,
        organizations=[
            {"name": "Hivernel", "url": "#", "logo_url": None, "is_current": True},
            {"name": "CCI Nord-Isère", "url": "#", "logo_url": None, "is_current": False},
        ],
        viewer=people[0],
        people=people,
        spaces=spaces,
        entries=_entries(french, people, spaces),
        comments=_comments(french, people),
        notifications=_notifications(french, people),
        can=_CAN,
    )


def _person(index: int, french: bool) -> Any:
    name, title_fr, title_en, town = PEOPLE[index]
    return Thing(
        id=f"p{index}",
        full_name=name,
        job_title=title_fr if french else title_en,
        unit_name=("Industrie" if french else "Manufacturing") if index % 2 else "Hivernel",
        location=town,
        url=f"#person-{index}",
        picture_url=None,
        is_guest=index == 7,
        is_administrator=index == 0,
        is_moderator=False,
        theme="",
    )


def _space(index: int, french: bool, people: list[Any]) -> Any:
    kind, privacy, name_fr, name_en, goal_fr, goal_en, count = SPACES[index]
    return Thing(
        id=f"s{index}",
        kind=kind,
        privacy=privacy,
        name=name_fr if french else name_en,
        objective=goal_fr if french else goal_en,
        url=f"#space-{index}",
        member_count=count,
        members=people[index % 5 : index % 5 + 4],
        unread=3 if index in (1, 2) else 0,
        ends_on=dt.date(timezone.localdate().year + 1, 6, 30) if kind == "collaborative" else None,
    )


def _ago(**age: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**age)


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - written in this file


def _entry(**told: Any) -> Any:
    """An entry with all that a card may ask for."""
    lists: dict[str, Any] = {
        name: [] for name in ("images", "films", "sounds", "files", "reactions", "parts")
    }
    silent = {
        "title": "",
        "kind_label": "",
        "is_unread": False,
        "is_deleted": False,
        "reply_count": 0,
        "version": 1,
    }
    unknown = dict.fromkeys(("url", "space", "edited_at", "pinned_at", "latest_reply", "in_reply_to"))
    return Thing(**{**lists, **silent, **unknown, **told})


def _entries(french: bool, people: list[Any], spaces: list[Any]) -> list[Any]:
    def say(fr: str, en: str) -> Markup:
        return _html(fr if french else en)

    return [
        _entry(
            id="e1",
            url="#e1",
            author=people[1],
            space=spaces[1],
            published_at=_ago(minutes=12),
            is_unread=True,
            body_html=say(
                "<p>Premier camion avec les cales neuves : <strong>aucune casse sur 64 vitrages</strong>. "
                "On a seulement inversé l'ordre de chargement, les grands au fond, et posé les cales de "
                '<a href="#">l\'atelier bois</a> en travers.</p><p>Merci <a class="mention" href="#">@Camille Perrin</a>, '
                "c'est ton dessin de mardi, à trois vis près. La suite jeudi sur Leeds.</p>",
                "<p>First truck with the new wedges: <strong>no breakage on 64 panes</strong>. We only turned the loading "
                'order round, tall ones at the back, and set the <a href="#">wood workshop</a>\'s wedges across.</p>'
                '<p>Thank you <a class="mention" href="#">@Camille Perrin</a>, it is your drawing of Tuesday, give or take '
                "three screws. Leeds is next, on Thursday.</p>",
            ),
            reactions=[
                {"emoji": "🎉", "count": 14, "mine": True, "names": "Inès, Maud…"},
                {"emoji": "👏", "count": 6, "mine": False, "names": "Samuel…"},
            ],
            reply_count=9,
        ),
        _entry(
            id="e2",
            url="#e2",
            author=people[6],
            space=spaces[2],
            published_at=_ago(hours=2),
            edited_at=_ago(hours=1),
            kind_label=_("Question"),
            title=say(
                "Qui a déjà réglé une fuite sur un vérin Norgren ?",
                "Who has fixed a leak on a Norgren cylinder before?",
            ),
            body_html=say(
                "<p>Ligne 3, depuis ce matin. Le joint est neuf. Le constructeur propose lundi ; "
                "je préférerais que l'équipe de nuit ne travaille pas avec.</p>",
                "<p>Line 3, since this morning. The seal is new. The maker offers Monday; I would rather the night shift "
                "did not work with it.</p>",
            ),
            files=[
                {
                    "name": say("verin-ligne-3.pdf", "cylinder-line-3.pdf"),
                    "url": "#",
                    "size": 482_000,
                    "symbol": "file-text",
                }
            ],
            reactions=[{"emoji": "👀", "count": 3, "mine": False, "names": ""}],
            reply_count=4,
        ),
        _entry(
            id="e3",
            url="#e3",
            author=people[3],
            space=spaces[0],
            published_at=_ago(days=1, hours=3),
            pinned_at=_ago(days=1),
            title=say(
                "Le samedi 6 juin, l'atelier ouvre ses portes",
                "On Saturday 6 June, the workshop opens its doors",
            ),
            body_html=say(
                "<p>Familles, voisins, anciennes et anciens : de 10 h à 16 h, chaque équipe montre un geste. "
                "Il reste trois stands sans responsable :</p><ul><li>le four, de 10 h à 12 h</li><li>la découpe au jet "
                "d'eau</li><li>l'accueil des enfants</li></ul><p>Dites ici ce que vous prenez.</p>",
                "<p>Families, neighbours, former colleagues: from 10 to 4, each team shows one gesture. Three stands still "
                "look for somebody:</p><ul><li>the furnace, from 10 to 12</li><li>water-jet cutting</li><li>welcoming "
                "children</li></ul><p>Say here which one you take.</p>",
            ),
            reactions=[
                {"emoji": "❤️", "count": 31, "mine": False, "names": ""},
                {"emoji": "🙋", "count": 8, "mine": True, "names": ""},
            ],
            reply_count=22,
        ),
    ]


def _comments(french: bool, people: list[Any]) -> list[dict[str, Any]]:
    def comment(key: str, person: int, minutes: int, fr: str, en: str, **more: Any) -> dict[str, Any]:
        entry = _entry(
            id=key,
            author=people[person],
            published_at=_ago(minutes=minutes),
            body_html=_html(f"<p>{fr if french else en}</p>"),
            reactions=more.get("reactions", []),
            is_deleted=more.get("is_deleted", False),
        )
        return {"entry": entry, "can": _CAN, "replies": more.get("replies", [])}

    answer = comment(
        "c3", 6, 6, "Vu. Je la récupère à la pause, merci.", "Seen. I pick it up at the break, thank you."
    )
    return [
        comment(
            "c1",
            5,
            41,
            "Même panne à Porto en mars : ce n'était pas le joint mais la chemise, rayée. Passez le doigt dedans.",
            "Same failure in Porto in March: not the seal but the barrel, scratched. Run a finger inside.",
            reactions=[{"emoji": "💡", "count": 5, "mine": True, "names": ""}],
            replies=[
                comment(
                    "c2",
                    2,
                    18,
                    "Confirmé, rayée sur 4 cm. Il y a une chemise de rechange au magasin, <strong>réf. 8812</strong>.",
                    "Confirmed, scratched over 4 cm. There is a spare barrel in the store, <strong>ref. 8812</strong>.",
                    replies=[answer],
                )
            ],
        ),
        comment("c4", 7, 12, "", "", is_deleted=True),
        comment(
            "c5",
            4,
            3,
            "On garde la trace dans la fiche de la ligne ?",
            "Shall we keep this in the line's record?",
        ),
    ]


def _notifications(french: bool, people: list[Any]) -> list[Any]:
    def item(
        key: int,
        person: int,
        symbol: str,
        fr: str,
        en: str,
        age: dict[str, float],
        unread: bool,
        excerpt: str = "",
    ) -> Any:
        return Thing(
            id=f"n{key}", url="#", actor=people[person], symbol=symbol, text=_html(fr if french else en),
            excerpt=excerpt, created_at=_ago(**age), is_unread=unread, emojis=[], place="", actors=[], why_url=None, read_url=None, later_url="", returns="", button=None, is_urgent=False, urgent_reason="",
        )  # fmt: skip

    return [
        item(
            1,
            8,
            "at-sign",
            "<strong>Camille Perrin</strong> vous mentionne dans <strong>Zéro casse au transport</strong>",
            "<strong>Camille Perrin</strong> mentions you in <strong>No breakage in transit</strong>",
            {"minutes": 4},
            True,
            "« Léa a le plan des cales, version 4 »"
            if french
            else "“Léa has the plan of the wedges, version 4”",
        ),
        item(
            2,
            5,
            "reply",
            "<strong>Samuel Ferreira</strong> et 2 autres ont répondu à votre question",
            "<strong>Samuel Ferreira</strong> and 2 others answered your question",
            {"minutes": 41},
            True,
        ),
        item(
            3,
            6,
            "door-open",
            "<strong>Aïcha Diallo</strong> demande à rejoindre <strong>Comité de site</strong>",
            "<strong>Aïcha Diallo</strong> asks to join <strong>Site committee</strong>",
            {"hours": 3},
            True,
        ),
        item(
            4,
            3,
            "user-check",
            "<strong>Jean-Baptiste Roux</strong> vous a acceptée dans <strong>Qualité et terrain</strong>",
            "<strong>Jean-Baptiste Roux</strong> let you into <strong>Quality on the floor</strong>",
            {"days": 2},
            False,
        ),
    ]


_CAN = {
    "react_url": "/styleguide/echo",
    "reply_url": "/styleguide/echo",
    "bookmark_url": "/styleguide/echo",
    "is_bookmarked": False,
    "menu": [],
}
