"""What is known of where leads come from."""

from sqlmodel import Field

from lead_scoring.tables.base import Base, id_column, text_column


class SourceRow(Base, table=True):
    """The name of a source of the catalogue."""

    __tablename__ = "sources"

    id: str = Field(sa_column=id_column(primary_key=True))
    name: str = Field(sa_column=text_column())
