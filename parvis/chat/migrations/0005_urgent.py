"""A message says why it could not wait."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0004_link_previews")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="urgent_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
