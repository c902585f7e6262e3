"""What may lie in the tables of scoring."""

from lead_scoring.tables import METADATA


def test_no_column_may_hold_personal_data_unmarked() -> None:
    own = {"policies", "active_policy", "facts", "leads", "receipts", "consents", "outcomes"}
    suspicious = {"email", "phone", "name", "given_name", "family_name", "company", "message"}

    columns = {column.name for name in own for column in METADATA.tables[name].columns}

    assert not columns & suspicious
