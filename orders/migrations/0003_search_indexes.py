from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0002_nudges")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["phone_tail", "-id"], name="order_phone_tail"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["nudged_at"],
                name="order_nudged",
                condition=models.Q(("nudged_at__isnull", False), ("status", "paid")),
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=GinIndex(
                OpClass(Upper("buyer_note"), name="gin_trgm_ops"),
                name="order_buyer_note_words",
                condition=models.Q(("buyer_note", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=GinIndex(
                OpClass(Upper("staff_note"), name="gin_trgm_ops"),
                name="order_staff_note_words",
                condition=models.Q(("staff_note", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["flag", "-id"],
                name="order_flagged",
                condition=models.Q(("flag", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                fields=["tracking_no"], name="shipment_tracking_start", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
