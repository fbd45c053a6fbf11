"""An announcement may say why it cannot wait."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("announcements", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="urgent_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
