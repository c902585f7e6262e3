"""The yardstick of intake: plain FastAPI validates the same body and stores nothing."""

from fastapi import FastAPI
from pydantic import EmailStr

from marketing_intake.reading.lead_form import LeadForm

app = FastAPI()


class Lead(LeadForm):
    """The same body, its address checked by the library as most would have it."""

    email: EmailStr


@app.post("/v1/leads", status_code=202)
async def take(lead: Lead) -> dict[str, str]:
    """Answer as if it were taken."""
    return {"lead_id": "none", "person_id": "none", "status": "captured"}
