"""One noun a file; this index is what other modules import."""

from .address import Address
from .consent import Consent, ConsentText
from .level import GrowthEntry, Level
from .member import Member
from .merchant import Merchant
from .phone_code import PhoneCode
from .points import PointsAccount, PointsDebt, PointsEntry, PointsLot, PointsLotUse
from .user import User, WechatIdentity

__all__ = [
    "Address",
    "Consent",
    "ConsentText",
    "GrowthEntry",
    "Level",
    "Member",
    "Merchant",
    "PhoneCode",
    "PointsAccount",
    "PointsDebt",
    "PointsEntry",
    "PointsLot",
    "PointsLotUse",
    "User",
    "WechatIdentity",
]
