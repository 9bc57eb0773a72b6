"""What stands on the calendar of an organisation: its kinds of entries, and the words beside them."""

from datetime import date, timedelta

from app.domain.words import Lang, Term

# The calendar goes back and ahead this far from today: what was missed lately, and a year with room to plan.
PAST, AHEAD = timedelta(days=60), timedelta(days=400)


class AgendaKind(Term):
    MILESTONE = "milestone", "Mốc tiến độ", "Milestone"
    OBSTACLE = "obstacle", "Hạn xử lý vướng mắc", "Obstacle due"
    DOCUMENT = "document", "Văn bản hết hiệu lực", "Document expires"
    COD_GOAL = "cod_goal", "Mục tiêu COD", "COD goal"
    FIRST_TEST = "first_test", "Thử nghiệm lần đầu theo kế hoạch", "First test as planned"
    DEADLINE = "deadline", "Hạn nộp trước COD", "To be filed before the COD"


class Wording(Term):
    """`{…}` is filled in."""

    NAME = "name", "Tiến độ điện gió · {organisation}", "Wind-power progress · {organisation}"
    ILLUSTRATIVE = "illustrative", "{summary} (minh họa)", "{summary} (illustrative)"
    FORECAST = "forecast", "Dự báo: {day}", "Forecast: {day}"
    PLAN = "plan", "Kế hoạch: {day}", "Plan: {day}"
    BASELINE = "baseline", "Mốc cơ sở: {day}", "Baseline: {day}"
    RESPONSIBLE = "responsible", "Đơn vị xử lý: {who}", "To act: {who}"
    POSTPONED = "postponed", "Đã lùi hạn {times} lần", "Postponed {times} times"
    VALID_UNTIL = "valid_until", "Có hiệu lực đến hết ngày {day}", "Valid to the end of {day}"
    GOAL = "goal", "Mục tiêu COD: {day}", "COD goal: {day}"
    TERM_ENDS = "term_ends", "Hạn tính ngược: {day} ({days} {unit})", "The term ends on {day} ({days} {unit})"
    BASIS = "basis", "Căn cứ: {basis}", "Basis: {basis}"
    PROVISIONAL = (
        "provisional",
        "Tạm tính: lịch nghỉ của năm chưa công bố",
        "Provisional: the days off of the year are not published",
    )


def day_in(lang: Lang, on: date) -> str:
    """A day as people write it: 31/12/2023, or 31 Dec 2023."""
    return f"{on:%d/%m/%Y}" if lang == Lang.VI else f"{on.day} {on:%b %Y}"
