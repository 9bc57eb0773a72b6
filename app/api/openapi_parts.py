"""What many operations share in the OpenAPI document: security, headers, parameters, and the problems that can come."""

from typing import Any

Part = dict[str, Any]
PROBLEM = "application/problem+json"
# `responses` of a route whose body or query may name what is not there, or not the caller's to see; a path always may.
MISSING: dict[int | str, Part] = {404: {}}
# `responses` of a route that answers with an ETag sometimes.
HELD: dict[int | str, Part] = {304: {}}
ALWAYS = ("X-Request-Id", "RateLimit", "RateLimit-Policy")

SECURITY: Part = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer <key>`"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key"},
    "calendarKey": {
        "type": "apiKey",
        "in": "query",
        "name": "key",
        "description": "A key that opens the calendar and nothing else: calendar programs can send no header",
    },
}


def header(description: str, example: str | int, **schema: Any) -> Part:
    """A header of an answer."""
    return {"description": description, "schema": {"type": "string", **schema, "examples": [example]}}


HEADERS: Part = {
    "ETag": header(
        "The version of what is answered: for `If-None-Match`, and for `If-Match` of a change",
        '"r41-9f86d081884c7d65"',
    ),
    "Location": header("Where what was made can be read", "/api/v1/projects/v1-3"),
    "Link": header("The next page, `rel=next`; absent on the last", '</api/v1/phases?cursor=…>; rel="next"'),
    "Idempotency-Replayed": header(
        "This is the answer that was given to the same key before; nothing was changed again",
        "true",
        enum=["true"],
    ),
    "X-Request-Id": header("The request's name in the service's log", "4f2a9c0d1e8b7a65"),
    "RateLimit-Policy": header("Requests (`q`) in a window of `w` seconds", '"key";q=600;w=60'),
    "RateLimit": header(
        "Requests left (`r`), and seconds until all are there again (`t`)", '"key";r=599;t=60'
    ),
    "Retry-After": header("Seconds after which to try again", 1, type="integer", minimum=0),
    "WWW-Authenticate": header("How to come with a key", "Bearer"),
}


def parameter(name: str, place: str, description: str, **schema: Any) -> Part:
    """A parameter that operations refer to."""
    return {
        "name": name,
        "in": place,
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


PARAMETERS: Part = {
    "Lang": {
        **parameter("lang", "query", "Language of sentences: before `Accept-Language`; Vietnamese by default"),
        "schema": {"$ref": "#/components/schemas/Lang"},
    },
    "AcceptLanguage": parameter(
        "Accept-Language", "header", "Language of sentences, where `lang` says nothing", examples=["en"]
    ),
    "IfNoneMatch": parameter(
        "If-None-Match", "header", "ETags one holds: 304 where nothing has changed", examples=['"r41-9f86d081884c7d65"']
    ),
    "IfMatch": parameter(
        "If-Match",
        "header",
        "The ETag one has read: 412 where somebody has changed it since. Without it, the last one wins",
        examples=['"r41-9f86d081884c7d65"'],
    ),
    "IdempotencyKey": parameter(
        "Idempotency-Key",
        "header",
        "A new name for this change: sent again with the same body, it is made once and answered the same",
        minLength=1,
        maxLength=100,
        pattern="^[ -~]+$",
        examples=["0f8fad5b-d9cb-469f-a165-70867728950e"],
    ),
}  # fmt: skip

# By status: the component's name, what it says, and the headers it has beside those of every answer.
PROBLEMS: dict[int, tuple[str, str, tuple[str, ...]]] = {
    400: ("BadRequest", "What is 422 elsewhere; clients of OGC API - Features expect 400 (Part 1, 7.12)", ()),
    401: ("Unauthenticated", "No key, or one that is not (or no longer) good", ("WWW-Authenticate",)),
    403: ("Forbidden", "Seen, but not for this role, or not for this key", ()),
    404: ("NotFound", "Not there, or not yours to see", ()),
    409: ("Conflict", "Clashes with what is there", ()),
    412: ("Stale", "Changed by somebody since it was read (`If-Match`)", ()),
    413: ("TooLarge", "The body is larger than is taken", ()),
    415: ("MediaType", "The body is of no type that is taken", ()),
    422: ("Invalid", "A wrong shape, an unknown field or parameter, or a rule that refuses; `errors` name the fields", ()),
    429: ("TooMany", "More requests than a minute allows", ("Retry-After",)),
    503: ("Unavailable", "Busy, or away: try again", ("Retry-After",)),
}  # fmt: skip


def refer(kind: str, name: str) -> Part:
    """A reference into the components."""
    return {"$ref": f"#/components/{kind}/{name}"}


def headers(*names: str) -> Part:
    """Headers of an answer by their names."""
    return {name: refer("headers", name) for name in names}


def responses() -> Part:
    """The problems as components."""
    body = {PROBLEM: {"schema": refer("schemas", "ProblemRead")}}
    return {
        name: {"description": f"{said}.", "headers": headers(*ALWAYS, *more), "content": body}
        for name, said, more in PROBLEMS.values()
    }


# What a parameter is, where its own route does not say.
NAMED: dict[str, str] = {
    "as_of": "Effective on or before this day; default today",
    "known_at": "Recorded at or before this instant (a date: its end in Viet Nam); default now",
    "limit": "How many on one page",
    "cursor": "Where the next page starts: `next` of the page before",
    "illustrative": "Whether what is marked illustrative is counted",
    "code": "Its natural key, as `v1-3`",
    "number": "Its number within its parent, as `T1`",
    "milestone": "Key of the milestone, as `W-E1`; `W-D2.2` is the second instance",
    "subject": "What kind of thing the milestones or the document belong to",
    "subject_code": "Code of the subject; only together with `subject`",
    "work": "Code of a grid work",
    "project": "Code of a project",
    "phase": "Code of a phase",
    "group": "Code of an evacuation group",
    "investor": "Code of the investor",
    "owner": "Code of the organisation that keeps it",
    "organisation": "Code of an organisation",
    "district": "Code of a district",
    "commune": "Code of a commune",
    "login": "The user's login",
    "prefix": "The beginning of the key, as lists show it",
    "document_id": "Id of the document",
    "obstacle_id": "Id of the obstacle",
    "commitment_id": "Id of the commitment",
    "report_id": "Id of the progress report",
    "limit_id": "Id of the evacuation limit",
    "entry_id": "Id of the ledger's entry",
    "target": "Code of a target; default the next one due",
    "in_totals": "Whether it belongs to the programme's totals",
    "responsible": "Who must act",
    "period_ends_on": "The day the reported period ends",
    "due_from": "Due on or after this day",
    "due_until": "Due on or before this day",
    "kind": "Of this kind only",
    "by": "How they are grouped",
    "expired": "Those that are no longer good, or those that still are",
    "message": "Id of the webhook's message",
    "run_id": "Id of the run of the exchange",
    "record_id": "Id of the quarantined record",
    "upload_id": "Id of the upload",
    "sheet": "Name of the sheet",
    "layer": "Name of the layer (OGC API - Features: collection)",
    "feature": "Id of the feature within its layer",
    "work_kind": "Works of this kind only",
    "name": "Name of the table",
    "from": "The first day",
    "to": "The last day",
}
