"""What goes to chat, and where from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_browser_imports")]

    operations = [
        migrations.AlterField(
            "importeditem",
            "kind",
            models.CharField(
                choices=[
                    ("person", "Person"),
                    ("matched", "Matched"),
                    ("space", "Space"),
                    ("entry", "Entry"),
                    ("room", "Room"),
                    ("message", "Message"),
                    ("alias", "Alias"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            "importrun",
            "source",
            models.CharField(
                choices=[("slack", "Slack"), ("mbox", "Mail archive"), ("mattermost", "Mattermost")],
                max_length=20,
            ),
        ),
    ]
