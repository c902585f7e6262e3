"""The part of a company that a job title speaks of, in the languages that leads are written in."""

from functools import lru_cache
from typing import Final

from baton.contracts.vocabulary import Department
from marketing_intake.domain.names import plain
from marketing_intake.domain.seniority import CACHED, any_of

DEPARTMENTS: Final = (
    (
        Department.LEGAL,
        any_of(
            "legal lawyer attorney counsel solicitor compliance paralegal jurist juriste jurista"
            " notary notar avocat abogado abogada advogado advogada avvocato prawnik dpo",
            "rechtsanw rechtsabteil datenschutz juridi giuridic legale",
        ),
    ),
    (
        Department.PURCHASING,
        any_of(
            "buyer purchaser procurement purchasing sourcing supply_chain acheteur acheteuse"
            " achats comprador compradora compras acquisti inkoop inkoper zakupy"
            " inkop category_manager",
            "einkauf beschaffung zakup approvvigion",
        ),
    ),
    (
        Department.PEOPLE,
        any_of(
            "hr hrbp people human_resources talent recruiter recruiting recruitment payroll"
            " chro rh drh recursos_humanos risorse_umane ressources_humaines people_operations"
            " learning_and_development personeelszaken kadry",
            "personalleit personalref personalabteil personalwesen recrut reclut selezione_del",
        ),
    ),
    (
        Department.FINANCE,
        any_of(
            "cfo finance financial accountant accounting accounts controller controlling treasurer"
            " treasury bookkeeper audit auditor tax comptable comptabilite contable"
            " contador contadora contabilidad contabilidade contabile boekhouder ksiegowy"
            " ksiegowa ekonomi finances finanzas financas financeiro finanza daf",
            "buchhalt finanz steuer rechnungswesen financier finans",
        ),
    ),
    (
        Department.MARKETING,
        any_of(
            "marketing cmo brand growth communications communication content seo sem pr"
            " public_relations advertising demand_generation social_media media copywriter"
            " comunicacion comunicacao comunicazione publicite publicidad kommunikation event"
            " events mercadeo mercadotecnia",
            "marketing werbung offentlichkeitsarbeit marketeer",
        ),
    ),
    (
        Department.SALES,
        any_of(
            "sales cro account_executive account_manager key_account business_development bdr sdr"
            " ventas vendas vendite vendeur vendeuse vendedor vendedora venditore commercial"
            " commerciale comercial salesperson salesman verkoop verkoper sprzedaz sprzedazy"
            " handlowiec forsaljning salg customer_success revenue partnerships",
            "vertrieb verkauf aussendienst handlow commercieel obchod",
        ),
    ),
    (
        Department.TECHNOLOGY,
        any_of(
            "cto cio ciso it software developer engineer engineering programmer devops sre"
            " architect data scientist analyst sysadmin security technology technical tech"
            " product_owner product_manager cpo web ux ui designer r&d research informatique"
            " informatica informatico sistemas desarrollador desarrolladora ingeniero ingeniera"
            " ingenieur engenheiro engenheira desenvolvedor desenvolvedora ingegnere sviluppatore"
            " ontwikkelaar programista inzynier utvecklare developpeur technique tecnologia dsi"
            " digital",
            "entwickl informatik administrator systemadmin techni softwareentwick it-",
        ),
    ),
    (
        Department.OPERATIONS,
        any_of(
            "coo operations operation ops logistics production manufacturing plant warehouse"
            " quality facility facilities project_manager program_manager maintenance factory"
            " operaciones operacoes operazioni produccion producao produzione logistica logistique"
            " qualite calidad qualidade qualita baking kitchen site_manager projektleiter",
            "produktion logisti fertigung qualitat betriebsleit werkleit werksleit lager bauleit"
            " instandhalt produkcj operacyjn",
        ),
    ),
    (
        Department.MANAGEMENT,
        any_of(
            "ceo owner founder co-founder cofounder president presidente chairman chairwoman"
            " managing_director general_manager managing_partner board director_general"
            " directeur_general directrice_generale diretor_geral direttore_generale gerente"
            " gerente_general gerant gerante pdg dg inhaber inhaberin proprietor titolare"
            " amministratore_delegato eigenaar wlasciciel prezes vd dueno duena propietario"
            " proprietario proprietaire fondateur fundador socio executive_director management"
            " strategy direction vorstand entrepreneur partner chief_of_staff",
            "geschaftsfuhr geschaftsleit grunder vorstandsvors",
        ),
    ),
)
"""From the particular to the general: "Managing Director Sales" is of sales."""


@lru_cache(maxsize=CACHED)
def department(job_title: str | None) -> Department:
    """The first department whose words stand in the title."""
    title = plain(job_title or "").strip()
    if not any(one.isalnum() for one in title):
        return Department.UNKNOWN
    for part, words in DEPARTMENTS:
        if words.search(title):
            return part
    return Department.OTHER
