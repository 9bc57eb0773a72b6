"""The numbered rules as words, what a check of one found, and what becomes of a finding.

Each rule has a level. HARD refuses. OVERRIDE refuses a *decision* unless the department overrides it with a reason;
on a mere declaration it is kept as a warning for whoever decides. WARNING is returned with the answer and kept.
A rule whose other side is not known (no installed MW, no licence on file) is a kept warning, never silently passed.
The numbers are those of the domain rules, section 6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import Self

from app.domain.errors import Forbidden, Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.words import Lang, Term


class Level(Term):
    """Whether a finding refuses or warns."""

    HARD = "hard", "Không cho lưu", "Refused"
    OVERRIDE = "override", "Chỉ qua ngoại lệ", "Needs an override"
    WARNING = "warning", "Cảnh báo", "Warning"


class Rule(Term):
    """A numbered rule: code, both sentences, number, level."""

    number: str
    level: Level

    def __new__(
        cls, code: str, vi: str = "", en: str = "", number: str = "", level: Level = Level.WARNING
    ) -> Self:
        rule = str.__new__(cls, code)
        rule._value_, rule.vi, rule.en, rule.number, rule.level = code, vi, en, number, level
        return rule

    COD_ABOVE_INSTALLED = (
        "cod_above_installed",
        "Công suất COD vượt công suất đã lắp đặt",
        "COD exceeds the installed capacity",
        "R01",
        Level.HARD,
    )
    COD_ABOVE_LICENSED = (
        "cod_above_licensed",
        "Công suất COD vượt công suất được cấp phép còn hiệu lực",
        "COD exceeds the capacity licensed on its day",
        "R02",
        Level.OVERRIDE,
    )
    COD_ABOVE_ACCEPTED = (
        "cod_above_accepted",
        "Công suất COD vượt công suất được chấp thuận nghiệm thu",
        "COD exceeds the accepted capacity",
        "R03",
        Level.OVERRIDE,
    )
    COD_ABOVE_AGREED = (
        "cod_above_agreed",
        "Công suất COD vượt thỏa thuận đấu nối hoặc hợp đồng mua bán điện",
        "COD exceeds the connection agreement or the PPA",
        "R04",
        Level.WARNING,
    )
    INSTALLED_ABOVE_APPROVED = (
        "installed_above_approved",
        "Công suất lắp đặt vượt chủ trương đầu tư",
        "Installed capacity exceeds the approved investment policy",
        "R05",
        Level.WARNING,
    )
    TURBINES_OFF_APPROVED = (
        "turbines_off_approved",
        "Tổng công suất tua-bin lệch trên 5 % so với chủ trương đầu tư",
        "The turbines differ by more than 5 % from the approved capacity",
        "R06",
        Level.WARNING,
    )
    TRANCHE_OFF_TURBINES = (
        "tranche_off_turbines",
        "Công suất đợt COD khác tổng công suất các tua-bin đã nêu",
        "The tranche differs from the sum of its turbines",
        "R07",
        Level.HARD,
    )
    TURBINE_TWICE = (
        "turbine_twice",
        "Tua-bin đã thuộc một đợt COD khác",
        "A turbine is already in another live tranche",
        "R08",
        Level.HARD,
    )
    COD_BEFORE_TESTS = (
        "cod_before_tests",
        "COD sớm hơn ngày đóng điện, hòa lưới hoặc thử nghiệm đạt của tua-bin",
        "COD is earlier than energisation, first synchronisation or test pass of a turbine",
        "R09",
        Level.HARD,
    )
    COD_BEFORE_ACCEPTANCE = (
        "cod_before_acceptance",
        "COD sớm hơn ngày chấp thuận nghiệm thu",
        "COD is earlier than the state acceptance",
        "R10",
        Level.OVERRIDE,
    )
    COD_BEFORE_LICENCE = (
        "cod_before_licence",
        "COD sớm hơn ngày cấp giấy phép",
        "COD is earlier than the licence",
        "R11",
        Level.OVERRIDE,
    )
    DATE_IN_FUTURE = (
        "date_in_future",
        "Ngày thực tế không được ở tương lai",
        "An actual date cannot be in the future",
        "R12",
        Level.HARD,
    )
    LETTER_ORDER = (
        "letter_order",
        "Ngày văn bản sớm hơn ngày đề nghị, hoặc hiệu lực sớm hơn văn bản trên 60 ngày",
        "The letter is older than the request, or takes effect more than 60 days before its date",
        "R13",
        Level.WARNING,
    )
    LETTER_MISSING = (
        "letter_missing",
        "Chưa có số và ngày văn bản công nhận",
        "The number and date of the recognition letter are missing",
        "R17",
        Level.HARD,
    )
    FOUR_EYES = (
        "four_eyes",
        "Người xác nhận phải thuộc tổ chức khác với người khai báo",
        "The confirmer must be another user of another organisation than the declarer",
        "R19",
        Level.HARD,
    )
    MORE_TAKEN_BACK_THAN_RECOGNISED = (
        "more_taken_back_than_recognised",
        "Tạm ngừng và hủy bỏ vượt công suất đã công nhận",
        "Suspended and cancelled exceed the recognised capacity",
        "R21",
        Level.HARD,
    )
    TURBINES_NOT_LISTED = (
        "turbines_not_listed",
        "Chưa xác định tua-bin của đợt COD",
        "The turbines of the tranche are not listed",
        "R07",
        Level.WARNING,
    )
    ERECTED_BEFORE_CAST = (
        "erected_before_cast",
        "Cột dựng trước khi đúc xong móng",
        "The tower is erected before its foundation is cast",
        "R24",
        Level.HARD,
    )
    CAST_BEFORE_HANDOVER = (
        "cast_before_handover",
        "Đúc móng trước khi bàn giao mặt bằng",
        "The foundation is cast before its site is handed over",
        "R24",
        Level.OVERRIDE,
    )
    STRUNG_BEFORE_ERECTED = (
        "strung_before_erected",
        "Kéo dây khi chưa dựng xong các cột của khoảng néo",
        "The section is strung before all its towers are erected",
        "R25",
        Level.HARD,
    )
    STRUNG_BEFORE_HANDOVER = (
        "strung_before_handover",
        "Kéo dây trước khi bàn giao hành lang",
        "The section is strung before its corridor is handed over",
        "R25",
        Level.OVERRIDE,
    )
    MORE_DONE_THAN_TOTAL = (
        "more_done_than_total",
        "Số đã thực hiện hoặc đã liệt kê vượt tổng số",
        "More is done or listed than the total",
        "R26",
        Level.HARD,
    )
    COUNT_FALLS = (
        "count_falls",
        "Lũy kế giảm mà không có vị trí nào tái vướng",
        "The cumulative count falls without a reopening",
        "R27",
        Level.WARNING,
    )
    HANDOVER_BY_HOUSEHOLDS = (
        "handover_by_households",
        "Còn hộ chưa bàn giao; bàn giao tính theo từng hộ",
        "Households on it are still open; handover follows its households",
        "R28",
        Level.HARD,
    )
    PAID_ABOVE_APPROVED = (
        "paid_above_approved",
        "Số tiền đã chi trả vượt số được phê duyệt",
        "More is paid than approved",
        "R29",
        Level.HARD,
    )
    APPROVED_WITHOUT_DECISION = (
        "approved_without_decision",
        "Số tiền phê duyệt cần số quyết định",
        "Approved money needs the number of its decision",
        "R29",
        Level.HARD,
    )
    RECOVERED_EARLY = (
        "recovered_early",
        "Quyết định thu hồi sớm hơn 90 ngày (đất nông nghiệp) hoặc 180 ngày (đất khác) sau thông báo",
        "The recovery decision follows its notice in less than 90 (farm land) or 180 days",
        "R30",
        Level.WARNING,
    )
    POSTED_BRIEFLY = (
        "posted_briefly",
        "Phương án niêm yết chưa đủ 20 ngày trước khi thẩm định",
        "The plan was posted for less than 20 days before its appraisal",
        "R31",
        Level.WARNING,
    )
    SUPPORT_ABOVE_CAP = (
        "support_above_cap",
        "Hỗ trợ trong hành lang vượt mức trần (nhà 70 %, đất 80 %)",
        "Support in the corridor is above its cap (houses 70 %, land 80 %)",
        "R32",
        Level.WARNING,
    )
    ENERGISED_BEFORE_STRUNG = (
        "energised_before_strung",
        "Đóng điện khi chưa kéo xong dây",
        "Energised before the last section is strung",
        "R36",
        Level.HARD,
    )
    ABOVE_EVACUATION_LIMIT = (
        "above_evacuation_limit",
        "Công suất vượt khả năng giải tỏa",
        "More MW than the grid can evacuate",
        "R37",
        Level.WARNING,
    )
    CLAIM_DIFFERS = (
        "claim_differs",
        "Văn bản công nhận khác với khai báo",
        "The recognition differs from the declaration",
        "R17",
        Level.WARNING,
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: `level` is what it asks for here, `reason` who overrode it said why."""

    rule: Rule
    level: Level
    field: str | None = None
    unknown: bool = False
    details: Mapping[str, object] = made(default_factory=dict)
    reason: str | None = None

    def sentence(self, lang: Lang) -> str:
        """The rule in words; an unchecked rule says that it could not be checked."""
        text = self.rule.label(lang)
        if not self.unknown:
            return text
        return (
            f"Not checked, no figure on file: {text}"
            if lang == Lang.EN
            else f"Chưa có số liệu để kiểm tra: {text}"
        )


@dataclass(frozen=True, slots=True)
class Override:
    """The department's word that a rule may be broken here, and why."""

    rule: Rule
    reason: str


def settle(
    found: Iterable[Finding],
    *,
    deciding: bool,
    may_override: bool = False,
    overrides: Sequence[Override] = (),
    undertaking_ref: str | None = None,
) -> list[Finding]:
    """Refuses what must be refused and returns what is kept: warnings, and overridden rules with their reason.

    Raises RuleBroken with every refused finding; Forbidden where an override is not this role's; Invalid where an
    override is not needed, or where R03 is overridden without the reference of the 2021 undertaking.
    """
    kept: list[Finding] = []
    refused: list[Finding] = []
    reasons = {o.rule: o.reason for o in overrides}
    if reasons and not may_override:
        raise Forbidden(Problem.OVERRIDE_NOT_ALLOWED, field="overrides")
    for finding in found:
        if finding.level == Level.OVERRIDE and not deciding:
            kept.append(finding)
        elif finding.level == Level.OVERRIDE and finding.rule in reasons:
            kept.append(replace(finding, reason=reasons[finding.rule]))
        else:
            (kept if finding.level == Level.WARNING else refused).append(finding)
    if refused:
        raise RuleBroken(refused[0].rule, field=refused[0].field, findings=refused)
    used = {f.rule for f in kept if f.reason is not None}
    if unused := sorted(set(reasons) - used):
        raise Invalid(Problem.OVERRIDE_NOT_NEEDED, field="overrides", rules=unused)
    if Rule.COD_ABOVE_ACCEPTED in used and not undertaking_ref:
        raise Invalid(Problem.UNDERTAKING_MISSING, field="undertaking_ref")
    return kept
