from shop.core.admin.actions import ReasonForm, dress, service_action
from shop.core.admin.base import BaseAdmin, ReadOnlyAdmin, ThriftyPaginator, actor, target
from shop.core.admin.jobs import JobAdmin, JobRunAdmin
from shop.core.admin.logs import AuditAdmin, DecisionAdmin
from shop.core.admin.outbox import DeliveryAdmin
from shop.core.admin.people import NamedActors, names
from shop.core.admin.settings import SettingAdmin
from shop.core.admin.words import coloured

__all__ = [
    "AuditAdmin",
    "BaseAdmin",
    "DecisionAdmin",
    "DeliveryAdmin",
    "JobAdmin",
    "JobRunAdmin",
    "NamedActors",
    "ReadOnlyAdmin",
    "ReasonForm",
    "SettingAdmin",
    "ThriftyPaginator",
    "actor",
    "coloured",
    "dress",
    "names",
    "service_action",
    "target",
]
