from shop.core.models.audit import AuditEntry, AuditSeal
from shop.core.models.decision import Decision
from shop.core.models.idempotency import IdempotencyKey
from shop.core.models.job import JOB_STATES, Job, JobRun, JobTransition
from shop.core.models.outbox import OutboxDelivery, OutboxEvent
from shop.core.models.setting import Setting

__all__ = [
    "JOB_STATES",
    "AuditEntry",
    "AuditSeal",
    "Decision",
    "IdempotencyKey",
    "Job",
    "JobRun",
    "JobTransition",
    "OutboxDelivery",
    "OutboxEvent",
    "Setting",
]
