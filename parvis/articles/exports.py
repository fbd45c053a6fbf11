"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("articles.Article", without=("word_count",))
exported("articles.Coauthor")
exported("articles.NewsEditor")
