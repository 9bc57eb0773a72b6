"""Who may do what: one table of grants, read from top to bottom.

Whether a *row* may be seen is asked elsewhere (`queries.projects.visible`); whether an act is possible *now* is asked
of the rules. This table answers only: may this role do this act at all?
"""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Forbidden, RuleBroken, Unauthenticated
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.words import Term


class Role(Term):
    """In which role somebody acts."""

    PUBLIC = "public", "Người đọc", "Public reader"
    INVESTOR = "investor", "Chủ đầu tư", "Investor"
    DEPARTMENT = "department", "Sở Công Thương", "Department"
    EVN_SPC = "evn_spc", "EVN SPC", "EVN SPC"
    DISTRICT = "district", "UBND huyện", "District authority"
    ADMIN = "admin", "Quản trị", "Administrator"
    SYSTEM = "system", "Hệ thống (dòng lệnh)", "System (command line)"


class May(Term):
    """What a role may be allowed to do."""

    READ = "summary:read", "Xem số liệu chung", "Read the public summary"
    READ_DETAIL = "detail:read", "Xem chi tiết dự án được phép", "Read the detail of projects one may see"
    SEE_EVERY_PROJECT = "detail:read_all", "Xem chi tiết mọi dự án", "Read the detail of every project"
    CREATE_PROJECT = "project:create", "Thêm, xóa dự án và giai đoạn", "Add and remove projects and phases"
    CHANGE_PROJECT = "project:change", "Sửa dự án, giai đoạn, tua-bin", "Change projects, phases, turbines"
    RECORD_CAPACITY = "capacity:record", "Ghi bậc thang công suất", "Record measures of the ladder"
    DECLARE_COD = "cod:declare", "Khai báo, rút khai báo COD", "Declare and withdraw a COD"
    DECIDE_COD = "cod:decide", "Công nhận hoặc không đồng ý COD", "Confirm or dispute a COD"
    AMEND_COD = (
        "cod:amend",
        "Tạm ngừng, khôi phục, hủy, đính chính COD",
        "Suspend, reinstate, cancel, correct",
    )
    OVERRIDE_RULE = "rule:override", "Chấp nhận ngoại lệ quy tắc", "Override a rule"
    SET_TARGET = "target:set", "Đặt mục tiêu", "Set targets"
    IMPORT_REGISTER = "register:import", "Nhập sổ đăng ký", "Import a register file"
    RECOGNISE_BY_SOURCE = "cod:recognise_by_source", "Nhập COD theo nguồn", "Import recognised tranches"
    READ_JOURNAL = "journal:read", "Xem nhật ký", "Read the journal"
    REPORT_MILESTONES = "milestone:report", "Báo cáo mốc tiến độ của mình", "Report one's own milestones"
    REPORT_FOR_OTHERS = (
        "milestone:report_all",
        "Ghi mốc, văn bản, vướng mắc thay đơn vị khác",
        "Keep milestones, documents and obstacles of others",
    )
    CONFIRM_MILESTONES = "milestone:confirm", "Xác nhận mốc hoàn thành", "Confirm milestones"
    SET_BASELINE = "milestone:baseline", "Đặt mốc cơ sở theo quyết định", "Set a baseline by decision"
    CHANGE_WORKS = (
        "work:change",
        "Ghi công trình lưới, đấu nối, giải phóng mặt bằng",
        "Keep grid works, connections and clearances",
    )
    READ_HOUSEHOLDS = (
        "household:read",
        "Xem hồ sơ hộ dân (dữ liệu cá nhân)",
        "Read household cases (personal data)",
    )
    REPORT_LAND = "household:report", "Ghi hồ sơ hộ dân", "Keep household cases"
    REPORT_PROGRESS = "progress:report", "Nộp báo cáo tiến độ", "Submit progress reports"
    READ_CALENDAR = "calendar:read", "Xem lịch của đơn vị", "Read the organisation's calendar"
    SEND_WORKBOOKS = "workbook:send", "Tải lên bảng tính của mình", "Send in one's own workbook"
    MANAGE_WEBHOOKS = "webhook:manage", "Quản lý webhook của đơn vị", "Manage one's organisation's webhooks"
    READ_EXCHANGES = (
        "exchange:read",
        "Xem việc lấy dữ liệu từ EVN SPC",
        "Read how the exchange with EVN SPC goes",
    )
    KEEP_EXCHANGES = (
        "exchange:keep",
        "Thử lại, bỏ qua bản ghi bị cách ly",
        "Try quarantined records again, lay them aside",
    )
    MANAGE_PEOPLE = "people:manage", "Quản lý tổ chức, người dùng, khóa", "Manage organisations, users, keys"


GRANTS: dict[Role, frozenset[May]] = {
    Role.PUBLIC: frozenset({May.READ}),
    Role.INVESTOR: frozenset(
        {
            May.READ,
            May.READ_DETAIL,
            May.CHANGE_PROJECT,
            May.RECORD_CAPACITY,
            May.DECLARE_COD,
            May.IMPORT_REGISTER,
            May.REPORT_MILESTONES,
            May.REPORT_PROGRESS,
            May.READ_CALENDAR,
            May.MANAGE_WEBHOOKS,
            May.SEND_WORKBOOKS,
        }
    ),
    Role.EVN_SPC: frozenset(
        {
            May.READ,
            May.READ_DETAIL,
            May.SEE_EVERY_PROJECT,
            May.RECORD_CAPACITY,
            May.DECIDE_COD,
            May.AMEND_COD,
            May.REPORT_MILESTONES,
            May.CONFIRM_MILESTONES,
            May.SET_BASELINE,
            May.CHANGE_WORKS,
            May.READ_HOUSEHOLDS,
            May.REPORT_LAND,
            May.REPORT_PROGRESS,
            May.READ_EXCHANGES,
            May.KEEP_EXCHANGES,
            May.READ_CALENDAR,
            May.MANAGE_WEBHOOKS,
            May.SEND_WORKBOOKS,
        }
    ),
    # The land of its own district, and the works that take it.
    Role.DISTRICT: frozenset(
        {May.READ, May.READ_DETAIL, May.READ_HOUSEHOLDS, May.REPORT_LAND, May.SEND_WORKBOOKS}
    ),
    Role.DEPARTMENT: frozenset(
        {
            May.READ,
            May.READ_DETAIL,
            May.SEE_EVERY_PROJECT,
            May.CREATE_PROJECT,
            May.CHANGE_PROJECT,
            May.RECORD_CAPACITY,
            May.DECLARE_COD,
            May.DECIDE_COD,
            May.AMEND_COD,
            May.OVERRIDE_RULE,
            May.SET_TARGET,
            May.IMPORT_REGISTER,
            May.RECOGNISE_BY_SOURCE,
            May.REPORT_MILESTONES,
            May.REPORT_FOR_OTHERS,
            May.CONFIRM_MILESTONES,
            May.SET_BASELINE,
            May.CHANGE_WORKS,
            May.READ_HOUSEHOLDS,
            May.REPORT_LAND,
            May.READ_EXCHANGES,
            May.KEEP_EXCHANGES,
            May.READ_CALENDAR,
            May.MANAGE_WEBHOOKS,
            May.SEND_WORKBOOKS,
            May.READ_JOURNAL,
            May.MANAGE_PEOPLE,
        }
    ),
    Role.ADMIN: frozenset({May.READ, May.MANAGE_PEOPLE, May.READ_JOURNAL, May.MANAGE_WEBHOOKS}),
    # The command line stands behind the machine's own lock: everything but the two keys, which are people's.
    Role.SYSTEM: frozenset(May)
    - {
        *(May.DECLARE_COD, May.DECIDE_COD, May.AMEND_COD, May.OVERRIDE_RULE),
        *(May.CONFIRM_MILESTONES, May.REPORT_PROGRESS, May.READ_CALENDAR, May.SEND_WORKBOOKS),
    },
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: one user of one organisation in one role, through one key."""

    role: Role
    organisation_id: int | None = None
    organisation: str | None = None
    user_id: int | None = None
    user: str | None = None
    key_id: int | None = None
    expires_at: datetime | None = None
    # What this key is for and nothing else, whatever the role may do: the address of a calendar feed is such a key.
    only: May | None = None

    def may(self, act: May) -> bool:
        """Whether this role is granted `act`, and this key good for it."""
        return act in GRANTS[self.role] and self.only in (None, act)


ANONYMOUS = Actor(Role.PUBLIC)


def require(actor: Actor, act: May) -> None:
    """Refuse with Unauthenticated (nobody is there) or Forbidden (somebody without the right) unless `act` is granted."""
    if actor.may(act):
        return
    if actor.role == Role.PUBLIC:
        raise Unauthenticated(Problem.KEY_MISSING)
    if actor.only not in (None, act):
        raise Forbidden(Problem.KEY_PURPOSE)
    raise Forbidden(Problem.NOT_ALLOWED, act=act.value)


def require_own(actor: Actor, act: May, owner_id: int | None) -> None:
    """Refuse unless `act` is granted and the subject is of the actor's own organisation, or the role keeps those of others."""
    require(actor, act)
    own = owner_id is not None and owner_id == actor.organisation_id
    if not own and not actor.may(May.REPORT_FOR_OTHERS):
        raise Forbidden(Problem.NOT_ALLOWED, act=act.value)


def require_other_eyes(
    actor: Actor, *, declared_by_user: int | None, declared_by_organisation: int | None
) -> None:
    """Rule R19: whoever decides on a claim is another user of another organisation than whoever declared it."""
    same_user = actor.user_id is not None and actor.user_id == declared_by_user
    same_organisation = (
        actor.organisation_id is not None and actor.organisation_id == declared_by_organisation
    )
    if same_user or same_organisation:
        raise RuleBroken(Rule.FOUR_EYES)
