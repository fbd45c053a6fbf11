"""Polls in a post: choices, votes, an end. The post's text is the question.

Owns polls, their options, who took part and, where a poll has names, who chose what. An anonymous poll keeps no
link between a person and a choice, anywhere (docs/adr): who took part and what was chosen are two tables that
share nothing but the poll.
"""
