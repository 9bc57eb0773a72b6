"""Words of the exchange with EVN SPC's progress service: what is asked for, how a run went, where a record stands."""

from app.domain.words import Term


class Stream(Term):
    """What is asked of the service, in the order in which it is applied: what a later one needs comes first."""

    TOWERS = "tower-progress", "Tiến độ vị trí cột", "Tower progress"
    SECTIONS = "section-progress", "Tiến độ khoảng néo", "Section progress"
    ENERGISATIONS = "energisations", "Xác nhận đóng điện", "Energisations"
    CODS = "cod-confirmations", "Xác nhận COD", "COD confirmations"


class RunState(Term):
    """How a run, or the pass of one stream in it, stands."""

    RUNNING = "running", "Đang chạy", "Running"
    DONE = "done", "Hoàn thành", "Done"
    PARTIAL = "partial", "Hoàn thành một phần", "Partly done"
    FAILED = "failed", "Không lấy được", "Failed"
    BROKEN_OFF = "broken_off", "Bị ngắt giữa chừng", "Broken off"


class Trigger(Term):
    """Who had a run made."""

    SCHEDULE = "schedule", "Theo lịch", "By schedule"
    COMMAND = "command", "Từ dòng lệnh", "From the command line"


class QuarantineState(Term):
    """What became of a record that could not be applied. It waits until it can be, or a person lays it aside."""

    WAITING = "waiting", "Đang cách ly", "Waiting"
    RELEASED = "released", "Đã ghi được", "Released"
    REPLACED = "replaced", "Đã có bản khác thay", "Replaced"
    DISMISSED = "dismissed", "Đã bỏ qua", "Dismissed"
