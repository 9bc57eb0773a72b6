"""What goes wrong: faults that may be switched on one by one, drawn in the same order in every run of the same seed."""

import random
import threading
import unicodedata
from collections import Counter
from collections.abc import Collection
from typing import Any

from app.domain.words import Term


class Fault(Term):
    TIMEOUT = "timeout", "Không trả lời", "No answer"
    ERROR = "error", "Lỗi 500", "Error 500"
    BUSY = "busy", "Quá tải (429)", "Overloaded (429)"
    DUPLICATED = "duplicated", "Lặp trang", "Duplicated pages"
    REORDERED = "reordered", "Đảo thứ tự trang", "Reordered pages"
    MOVED = "moved", "Bản ghi đổi khi đang lật trang", "A record changed while paging"
    SHIFTED = "shifted", "Trang bị xô lệch", "Pages shifted by a change"
    ENCODING = "encoding", "Sai bảng mã", "Wrong encoding"
    HTML = "html", "Trang HTML", "HTML page"
    TRUNCATED = "truncated", "JSON bị cắt", "Truncated JSON"
    UNKNOWN_FIELD = "unknown_field", "Trường lạ", "Unknown field"
    UNKNOWN_WORD = "unknown_word", "Từ lạ", "Unknown word"
    MISSING_FIELD = "missing_field", "Thiếu trường", "Missing field"
    MISSING_ID = "missing_id", "Thiếu mã", "Missing id"
    WRONG_NUMBER = "wrong_number", "Số sai", "Wrong number"


# What there is no page for; what spoils the bytes of one; what spoils a record on it.
NO_PAGE = (Fault.TIMEOUT, Fault.ERROR, Fault.BUSY)
BYTES = (Fault.ENCODING, Fault.HTML, Fault.TRUNCATED)
RECORDS = (
    Fault.UNKNOWN_FIELD,
    Fault.UNKNOWN_WORD,
    Fault.MISSING_FIELD,
    Fault.MISSING_ID,
    Fault.WRONG_NUMBER,
)
STATES = ("trang_thai", "hang_muc")
NUMBERS = ("so_vi_tri", "so_khoang_neo", "cong_suat_mw", "updated_at")
DAYS = ("tu_ngay", "ngay_dong_dien", "ngay_hieu_luc")
LOGIN = "<!doctype html><html><body><form>Đăng nhập</form></body></html>"


class Faults:
    """Draws faults. Each of them comes at most `most` times: even the worst service answers in the end."""

    def __init__(
        self, kinds: Collection[Fault] = (), *, seed: int = 0, rate: float = 0.3, most: int = 3
    ) -> None:
        self._kinds, self._rate, self._most = frozenset(kinds), rate, most
        # Not for secrets: what is wanted is that it can be repeated.
        self._random = random.Random(seed)  # noqa: S311
        self._lock = threading.Lock()
        self.drawn: Counter[Fault] = Counter()

    def has(self, kind: Fault) -> bool:
        """Whether a fault is switched on."""
        return kind in self._kinds

    def draw(self, *kinds: Fault) -> Fault | None:
        """One of these faults, or none."""
        with self._lock:
            open_ = [kind for kind in kinds if kind in self._kinds and self.drawn[kind] < self._most]
            if not open_ or self._random.random() >= self._rate:
                return None
            kind = self._random.choice(open_)
            self.drawn[kind] += 1
            return kind

    def pick(self, count: int) -> int:
        """One of so many places."""
        with self._lock:
            return self._random.randrange(count)

    def spoil_record(self, kind: Fault, items: list[dict[str, Any]]) -> None:
        """Spoils one record of a page."""
        if not items:
            return
        record = items[self.pick(len(items))]
        if kind == Fault.UNKNOWN_FIELD:
            record["truong_moi"] = "?"
        elif kind == Fault.UNKNOWN_WORD:
            self._set(record, STATES, "CHƯA_RÕ")
        elif kind == Fault.MISSING_FIELD:
            self._set(record, DAYS, None)
        elif kind == Fault.MISSING_ID:
            del record["id"]
        else:
            self._set(record, NUMBERS, "4,2")

    def _set(self, record: dict[str, Any], names: Collection[str], value: object) -> None:
        here = [name for name in names if name in record]
        if here:
            name = here[self.pick(len(here))]
            if value is None:
                del record[name]
            else:
                record[name] = value


def spoiled(kind: Fault, text: str) -> tuple[bytes, str]:
    """The bytes of a page and their media type, spoiled."""
    if kind == Fault.HTML:
        return LOGIN.encode(), "text/html; charset=utf-8"
    if kind == Fault.TRUNCATED:
        whole = text.encode()
        return whole[: len(whole) // 2], "application/json"
    # As an old Vietnamese system would write it: base letters, and the marks on their own.
    return unicodedata.normalize("NFD", text).encode("cp1258", "replace"), "application/json"
