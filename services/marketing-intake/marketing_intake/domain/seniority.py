"""The rank that a job title speaks of, in the languages that leads are written in."""

import re
from functools import lru_cache
from typing import Final

from baton.contracts.vocabulary import Seniority
from marketing_intake.domain.names import plain

CACHED: Final = 4096


def any_of(words: str, stems: str = "") -> re.Pattern[str]:
    """Finds one of these: whole words or phrases, and stems that a word begins with.

    Both are written without marks and in small letters, as `plain` leaves a title; a `_` stands
    for a space.
    """
    whole = "|".join(re.escape(word).replace("_", r"\s+") for word in words.split())
    begun = "|".join(re.escape(stem).replace("_", r"\s+") for stem in stems.split())
    parts = [rf"(?:{whole})\b"] + ([rf"(?:{begun})"] if begun else [])
    return re.compile(rf"\b(?:{'|'.join(parts)})")


STAFF_ALL_THE_SAME: Final = any_of(
    "assistant_to assistant_of assistant_director assistant_manager pa_to ea_to office_of"
    " executive_assistant personal_assistant management_assistant assistente_de assistente_da"
    " assistente_di assistant_de_direction asistente_de adjoint_administratif product_owner"
    " account_executive sales_executive marketing_executive account_manager key_account_manager"
    " process_owner data_owner",
    "direktionsassisten vorstandsassisten geschaftsfuhrungsassisten assistenz_der assistent_der"
    " assistentin_der",
)
"""Titles that borrow the word of a higher rank."""
RANKS: Final = (
    (
        Seniority.OWNER,
        any_of(
            "owner founder co-founder cofounder founding proprietor sole_trader entrepreneur"
            " inhaber inhaberin eigentumer grunder grunderin gerant gerante"
            " fondateur fondatrice proprietaire dueno duena propietario propietaria fundador"
            " fundadora socio socia proprietario proprietaria titolare fondatore fondatrice"
            " imprenditore eigenaar eigenaresse oprichter wlasciciel wlascicielka"
            " wspolwlasciciel zalozyciel"
            " agare grundare ejer stifter majitel jednatel sahip kurucu vladelets"
            " selbstandig selbststandig autonomo",
            "mitinhaber mitgrunder",
        ),
    ),
    (
        Seniority.EXECUTIVE,
        any_of(
            "ceo cfo cio cmo coo cro cso cto cpo chro cdo ciso cco cxo evp svp vp avp pdg dg"
            " chief president presidente vice board_member chairman chairwoman chair"
            " managing_director general_manager executive_director managing_partner"
            " general_director"
            " vorstand vorstandin vorstandsmitglied generaldirektor directeur_general"
            " directrice_generale director_general directora_general diretor_geral diretora_geral"
            " gerente_general amministratore_delegato direttore_generale algemeen_directeur"
            " prezes zarzad generalny vd adm_direktor administrerende_direktor toimitusjohtaja"
            " genel_mudur ad presidentti",
            "geschaftsfuhr vice-president vicepresident vorstandsvorsitz bestuurder",
        ),
    ),
    (
        Seniority.DIRECTOR,
        any_of(
            "director directora directeur directrice direktor direktorin diretor diretora"
            " direttore direttrice dyrektor head_of head hoofd leiter leiterin prokurist"
            " prokuristin johtaja reditel reditelka direktoren mudur partner principal",
            "bereichsleit abteilungsleit vertriebsleit marketingleit einkaufsleit werkleit"
            " werksleit betriebsleit personalleit it-leit niederlassungsleit technische_leit"
            " kaufmannische_leit leitung",
        ),
    ),
    (
        Seniority.MANAGER,
        any_of(
            "manager manageress lead leader supervisor coordinator foreman superintendent"
            " responsable responsabile gerente jefe jefa coordinador coordinadora coordenador"
            " coordenadora supervisora encargado encargada chef_de chef_d chef_du cadre kierownik"
            " teamleider koordynator gestor gestora capo capoarea coordinatore coordinatrice"
            " manazer manazerka vedouci paallikko yonetici",
            "teamleit gruppenleit projektleit projektmanag produktmanag schichtleit filialleit"
            " meister team_lead",
        ),
    ),
)
"""From the top: "Vice President, Director of …" is an executive."""


@lru_cache(maxsize=CACHED)
def seniority(job_title: str | None) -> Seniority:
    """The first rank whose words stand in the title; who has another title is staff."""
    title = plain(job_title or "").strip()
    if not any(one.isalnum() for one in title):
        return Seniority.UNKNOWN
    if STAFF_ALL_THE_SAME.search(title):
        return Seniority.STAFF
    for rank, words in RANKS:
        if words.search(title):
            return rank
    return Seniority.STAFF
