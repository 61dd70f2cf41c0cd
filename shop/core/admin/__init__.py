from shop.core.admin.actions import ReasonForm, dress, service_action
from shop.core.admin.base import BaseAdmin, ReadOnlyAdmin, ThriftyPaginator, actor, target

__all__ = [
    "BaseAdmin",
    "ReadOnlyAdmin",
    "ReasonForm",
    "ThriftyPaginator",
    "actor",
    "dress",
    "service_action",
    "target",
]
