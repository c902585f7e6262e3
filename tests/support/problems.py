"""What every refusal over HTTP must be: an RFC 9457 problem that repeats nothing it was sent."""

import httpx

MARK = "kQ7x-echo-me"
"""Stands in bad input; no answer may repeat it."""


def assert_problem(answer: httpx.Response, *statuses: int) -> None:
    """Fails when the answer is no problem document, or not of these statuses (none: any 4xx)."""
    assert answer.status_code in (statuses or range(400, 500)), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert len(problem["detail"]) > 5
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert MARK not in answer.text


def pointers(answer: httpx.Response) -> list[str]:
    """The fields that a problem names."""
    return [error["pointer"] for error in answer.json().get("errors", [])]
