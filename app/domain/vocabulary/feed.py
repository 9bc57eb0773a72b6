"""What a fact of the change feed does to the state that its reader keeps."""

from app.domain.words import Term


class ChangeEffect(Term):
    """What a reader does with a fact, item by item; an item is named by its subject and code."""

    SET = "set", "Đặt các trường", "Set the fields of the item"
    ADD = "add", "Thêm một nội dung đã ghi", "Add a statement to the item"
    REMOVE = "remove", "Bỏ mục", "Remove the item"
