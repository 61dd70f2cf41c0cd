"""One noun a file; this index is what other modules import."""

from members.models.address import Address
from members.models.consent import Consent, ConsentText
from members.models.level import GrowthEntry, Level
from members.models.member import Member
from members.models.merchant import Merchant
from members.models.merge import MemberMerge
from members.models.message import Message
from members.models.phone_code import PhoneCode
from members.models.points import PointsAccount, PointsDebt, PointsEntry, PointsLot, PointsLotUse
from members.models.preference import StaffPreference
from members.models.user import Staff, User, WechatIdentity
from members.models.wechat import StaffWechat, WechatPush

__all__ = [
    "Address",
    "Consent",
    "ConsentText",
    "GrowthEntry",
    "Level",
    "Member",
    "MemberMerge",
    "Merchant",
    "Message",
    "PhoneCode",
    "PointsAccount",
    "PointsDebt",
    "PointsEntry",
    "PointsLot",
    "PointsLotUse",
    "Staff",
    "StaffPreference",
    "StaffWechat",
    "User",
    "WechatIdentity",
    "WechatPush",
]
