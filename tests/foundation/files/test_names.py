import pytest

from parvis.foundation.files.names import cleaned_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Compte rendu.pdf", "Compte rendu.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\zoe\\a.txt", "a.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\nc.txt", "ab c.txt"),
        ("e\u0301te\u0301.png", "été.png"),
        ("  ..  ", "file"),
        ("", "file"),
        ("\ud800.txt", "?.txt"),
        ("x" * 300 + ".tar.gz", "x" * 197 + ".gz"),
        ("x" * 300, "x" * 200),
        (".profile", "profile"),
    ],
)
def test_a_name_says_what_it_is_and_stays_in_its_folder(given: str, expected: str) -> None:
    assert cleaned_name(given) == expected
