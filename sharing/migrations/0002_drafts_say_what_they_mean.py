"""Drafts have columns of their own; what was kept in `why`, `last_code` and `last_detail` moves there."""

from django.db import migrations, models
from django.db.models import F, Q

import sharing.domain.origin


def forwards(apps, schema_editor):
    rows = apps.get_model("sharing", "Delivery").objects.using(schema_editor.connection.alias)
    written = rows.filter(Q(state="draft") | Q(state="cancelled", came_from="draft"))
    written.filter(why="left_out").update(why="", chosen=False)
    written.exclude(last_code="").update(typed=F("last_detail"), last_code="", last_detail="")
    # What only waits for a later time was called an embargo.
    rows.filter(state="held", why="embargo", embargo_until=None).update(why="not_yet")


def backwards(apps, schema_editor):
    rows = apps.get_model("sharing", "Delivery").objects.using(schema_editor.connection.alias)
    rows.filter(state="draft", chosen=False).update(why="left_out")
    rows.exclude(typed=None).update(last_code="text.too_long", last_detail=F("typed"))
    rows.filter(state="held", why="not_yet").update(why="embargo")


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_first")]

    operations = [
        migrations.AddField("delivery", "chosen", models.BooleanField(db_default=True, default=True)),
        migrations.AddField("delivery", "typed", models.TextField(null=True)),
        migrations.AlterField(
            "delivery",
            "words",
            models.CharField(default=sharing.domain.origin.Words["AUTO"], max_length=6),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.RemoveField("attempt", "request_hash"),
    ]
