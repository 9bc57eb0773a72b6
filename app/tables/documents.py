"""Where figures come from."""

from sqlmodel import Field, SQLModel


class Source(SQLModel, table=True):
    """A public source, by the short code that records cite."""

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=400)
    url: str | None = Field(default=None, max_length=400)
    published: str | None = Field(default=None, max_length=120)
    quality: str | None = Field(default=None, max_length=400)
    note: str | None = Field(default=None, max_length=2000)
