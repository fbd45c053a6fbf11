"""The kind of entry that articles are."""

from django.utils.translation import gettext_lazy as _

from parvis.articles.policy import may_write_in
from parvis.content.kinds import Kind, register

ARTICLE = register(
    Kind(
        name="article",
        label=_("Article"),
        needs_title=True,
        may_start=may_write_in,
        hosts_see_drafts=True,
        edit_page="articles:edit",
    )
)
