"""Job titles: the rank and the department that they speak of, in several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import Department, Seniority
from marketing_intake.domain.department import department
from marketing_intake.domain.seniority import seniority

TITLES = [
    ("Co-founder and CEO", Seniority.OWNER, Department.MANAGEMENT),
    ("Vice President, Director of Sales", Seniority.EXECUTIVE, Department.SALES),
    ("CFO", Seniority.EXECUTIVE, Department.FINANCE),
    ("Managing Director", Seniority.EXECUTIVE, Department.MANAGEMENT),
    ("Head of Growth", Seniority.DIRECTOR, Department.MARKETING),
    ("Software Engineer", Seniority.STAFF, Department.TECHNOLOGY),
    ("Product Owner", Seniority.STAFF, Department.TECHNOLOGY),
    ("Account Executive", Seniority.STAFF, Department.SALES),
    ("Legal Counsel", Seniority.STAFF, Department.LEGAL),
    ("Procurement Manager", Seniority.MANAGER, Department.PURCHASING),
    ("Geschäftsführerin", Seniority.EXECUTIVE, Department.MANAGEMENT),
    ("Leiter Einkauf", Seniority.DIRECTOR, Department.PURCHASING),
    ("Vertriebsleiter", Seniority.DIRECTOR, Department.SALES),
    ("Teamleiterin Buchhaltung", Seniority.MANAGER, Department.FINANCE),
    ("Directeur général", Seniority.EXECUTIVE, Department.MANAGEMENT),
    ("Responsable RH", Seniority.MANAGER, Department.PEOPLE),
    ("Chef de produit marketing", Seniority.MANAGER, Department.MARKETING),
    ("Jefe de compras", Seniority.MANAGER, Department.PURCHASING),
    ("Diretora de Marketing", Seniority.DIRECTOR, Department.MARKETING),
    ("Amministratore Delegato", Seniority.EXECUTIVE, Department.MANAGEMENT),
    ("Eigenaar", Seniority.OWNER, Department.MANAGEMENT),
    ("Właściciel", Seniority.OWNER, Department.MANAGEMENT),
    ("Baker", Seniority.STAFF, Department.OTHER),
    ("???", Seniority.UNKNOWN, Department.UNKNOWN),
    ("", Seniority.UNKNOWN, Department.UNKNOWN),
    (None, Seniority.UNKNOWN, Department.UNKNOWN),
]


@pytest.mark.parametrize(("title", "rank", "part"), TITLES)
def test_a_job_title_speaks_of_a_rank_and_a_department(
    title: str | None, rank: Seniority, part: Department
) -> None:
    assert (seniority(title), department(title)) == (rank, part)


@given(st.text(max_size=200))
def test_any_title_has_a_rank_and_a_department(title: str) -> None:
    assert (seniority(title) is Seniority.UNKNOWN) == (department(title) is Department.UNKNOWN)
