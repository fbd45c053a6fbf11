"""Lists of people in whatever form spreadsheets give them."""

from __future__ import annotations

import pytest

from parvis.people.people_list import MOST_ROWS, decoded, read_people_list

FRENCH = "Nom;Courriel;Service;Fonction\nZoé Élan;zoe@example.org;Qualité;Ingénieure\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    one = read_people_list(decoded(FRENCH.encode(encoding))).invitees[0]
    assert (one.full_name, one.email, one.unit, one.job_title) == (
        "Zoé Élan",
        "zoe@example.org",
        "Qualité",
        "Ingénieure",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_read(separator: str) -> None:
    text = separator.join(["Name", "E-mail"]) + "\r\n" + separator.join(["Ada Roy", "ada@example.org"])
    assert read_people_list(text).invitees[0].full_name == "Ada Roy"


def test_columns_are_guessed_without_a_first_line() -> None:
    one = read_people_list("Ada Roy,ada@example.org,Foundry,Caster").invitees[0]
    assert (one.full_name, one.unit, one.job_title) == ("Ada Roy", "Foundry", "Caster")


def test_first_and_last_names_are_joined() -> None:
    assert (
        read_people_list("Prénom;Nom de famille;e-mail\nAda;Roy;a@x.example").invitees[0].full_name
        == "Ada Roy"
    )


def test_faults_name_their_line_and_lose_nothing() -> None:
    people = read_people_list(
        'name,email\n"Two\nlines",two@x.example\nNobody,\nTwice,two@x.example\nOdd,odd@'
    )
    assert [one.email for one in people.invitees] == ["two@x.example"]
    assert [line.number for line in people.faults] == [4, 5, 6]
    assert [line.shown.split(" ")[0] for line in people.faults] == ["Nobody", "Twice", "Odd"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n;;;\n",
        "a,b,c\n1,2,3",
        "\x00\x00",
        '"unclosed,x@y.example',
        "=cmd|' /C calc'!A0",
        "\ufffd" * 100,
    ],
)
def test_useless_lists_say_so_and_never_fail(text: str) -> None:
    people = read_people_list(text)
    assert people.fault or not people.invitees


def test_a_huge_field_and_a_huge_list_end_in_a_sentence() -> None:
    assert not read_people_list("name,email\n" + "x" * 200_000 + ",a@x.example").invitees
    assert read_people_list("a@x.example\n" * (MOST_ROWS + 1)).fault
