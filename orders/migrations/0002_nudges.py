from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="nudge_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="times the shopper asked"),
        ),
        migrations.AddField(
            model_name="order",
            name="nudged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="shopper asked for it at"),
        ),
    ]
