"""Register the short answers that mail understands."""

from parvis.mail.incoming.answers import register_answers

register_answers()
