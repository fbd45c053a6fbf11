from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0006_author_stream"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("pinned_at__isnull", False)),
                fields=["space", "-pinned_at"],
                name="content_entry_pinned",
            ),
        ),
    ]
