"""An article is found by its standfirst, too."""

from parvis.articles.models import Article
from parvis.search.index import index_beside

index_beside(Article._meta.get_field("standfirst"))
