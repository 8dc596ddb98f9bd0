"""The tables of a `PostgresInbox`, and what is asked of them."""

from typing import Final, LiteralString

__all__ = [
    "ACCEPT",
    "BUSY",
    "COLUMNS",
    "COMMENT",
    "COUNTS",
    "ENDED",
    "EXTEND",
    "FINISHED",
    "FORGET",
    "HOLD",
    "IDLE",
    "LANES",
    "LOCK",
    "NEXT",
    "OWN",
    "PAGE",
    "RECORD",
    "RETRIEVE",
    "REVIVE",
    "SCHEMA",
    "SPEND",
    "SPREAD",
    "SPREAD_FIRST",
    "SPREAD_OTHERS",
    "STEP_BACK",
    "STEP_FORWARD",
    "take",
]

LOCK: Final = 0x746D6962
"""The first half of the numbers of our advisory locks; the second is made from a lane."""
COMMENT: Final = "an inbox of tm_async, format 1"
NOW: Final = "extract(epoch FROM clock_timestamp())::double precision"
COLUMNS: Final = """
t.number, t.key, d.key, t.place, d.event, t.subject, t.happened, t.handler, t.state, t.claims, t.attempts, t.due,
t.worker, t.error, d.received, d.key_name, d.body
"""

# `ready`: at the front of its lane, and waiting for nothing but the time that it is due.
SCHEMA: Final = f"""
CREATE TABLE tm_async_inbox (
    id bigserial PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    event text NOT NULL,
    received double precision NOT NULL,
    key_name text NOT NULL,
    body bytea,
    UNIQUE (name, key)
);
CREATE INDEX tm_async_inbox_age ON tm_async_inbox (name, received);
CREATE TABLE tm_async_inbox_tasks (
    number bigserial PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    delivery bigint NOT NULL REFERENCES tm_async_inbox ON DELETE CASCADE,
    place integer NOT NULL,
    key text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    happened bigint NOT NULL,
    handler text COLLATE "C" NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'new',
    ready boolean NOT NULL DEFAULT false,
    claims integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    due double precision NOT NULL DEFAULT 0,
    worker text COLLATE "C",
    error text NOT NULL DEFAULT ''
);
CREATE INDEX tm_async_inbox_delivery ON tm_async_inbox_tasks (delivery);
CREATE INDEX tm_async_inbox_event ON tm_async_inbox_tasks (name, key);
CREATE INDEX tm_async_inbox_number ON tm_async_inbox_tasks (name, number);
CREATE INDEX tm_async_inbox_fresh ON tm_async_inbox_tasks (name, number) WHERE handler = '' AND state = 'new';
CREATE INDEX tm_async_inbox_ready ON tm_async_inbox_tasks (name, handler, due, number) WHERE ready;
CREATE INDEX tm_async_inbox_front ON tm_async_inbox_tasks (name, handler, subject)
WHERE subject <> '' AND (ready OR state IN ('leased', 'sent'));
CREATE INDEX tm_async_inbox_lanes ON tm_async_inbox_tasks (name, handler, subject, state, happened, number)
WHERE subject <> '';
CREATE INDEX tm_async_inbox_leased ON tm_async_inbox_tasks (name, worker) WHERE state = 'leased';
CREATE INDEX tm_async_inbox_dead ON tm_async_inbox_tasks (name, number) WHERE state = 'dead';
CREATE TABLE tm_async_inbox_workers (
    name text COLLATE "C" NOT NULL,
    worker text COLLATE "C" NOT NULL,
    ends double precision NOT NULL,
    PRIMARY KEY (name, worker)
);
COMMENT ON TABLE tm_async_inbox IS '{COMMENT}';
"""
ACCEPT: Final = """
WITH added AS (
    INSERT INTO tm_async_inbox (name, key, event, received, key_name, body)
    VALUES (%(name)s, %(key)s, %(event)s, %(received)s, %(key_name)s, %(body)s)
    ON CONFLICT (name, key) DO NOTHING RETURNING id
)
INSERT INTO tm_async_inbox_tasks (name, delivery, place, key, subject, happened)
SELECT %(name)s, id, place, event.key, subject, happened
FROM added, unnest(%(places)s::int[], %(keys)s::text[], %(subjects)s::text[], %(times)s::bigint[])
AS event (place, key, subject, happened) ORDER BY place
"""
SPREAD: Final = """
SELECT number, event, subject FROM tm_async_inbox_tasks t JOIN tm_async_inbox d ON d.id = t.delivery
WHERE t.name = %(name)s AND handler = '' AND state = 'new' AND (%(keys)s::text[] IS NULL OR t.key = ANY(%(keys)s))
ORDER BY number LIMIT 200 FOR UPDATE OF t SKIP LOCKED
"""
# By another row of the same number. Another claim, which saw the old row before this was committed, would lock it if it
# were only changed, though it is not what was asked for any more; and would hold it while it waits for a lane whose
# owner may wait for that very row. What is gone it passes by.
SPREAD_FIRST: Final = f"""
WITH fresh AS (
    DELETE FROM tm_async_inbox_tasks t USING unnest(%s::bigint[], %s::text[]) AS first (number, handler)
    WHERE t.number = first.number
    RETURNING t.number, name, delivery, place, key, subject, happened, first.handler AS whose
)
INSERT INTO tm_async_inbox_tasks (number, name, delivery, place, key, subject, happened, handler, state, ready, due)
SELECT number, name, delivery, place, key, subject, happened, whose, CASE whose WHEN '' THEN 'done' ELSE 'new' END,
subject = '' AND whose <> '', {NOW} FROM fresh
"""  # noqa: S608  # no value is in it
SPREAD_OTHERS: Final = f"""
INSERT INTO tm_async_inbox_tasks (name, delivery, place, key, subject, happened, handler, due, ready)
SELECT name, delivery, place, key, subject, happened, other.handler, {NOW}, subject = ''
FROM unnest(%s::bigint[], %s::text[]) AS other (number, handler) JOIN tm_async_inbox_tasks t USING (number)
"""  # noqa: S608
# Whoever changes which task is at the front of a lane has its lock; they are few, so that nobody needs very many.
LANES: Final = """
SELECT pg_advisory_xact_lock(%(lock)s, bucket) FROM (
    SELECT DISTINCT hashtext(%(name)s || handler || ' ' || subject) & 255 AS bucket
    FROM unnest(%(handlers)s::text[], %(subjects)s::text[]) AS lane (handler, subject) ORDER BY bucket
) AS buckets
"""
# Waits for those who are just taking a task; from then on they pass these lanes by.
BUSY: Final = """
SELECT count(*) FROM (
    SELECT 1 FROM tm_async_inbox_tasks t
    JOIN unnest(%(handlers)s::text[], %(subjects)s::text[]) AS lane (handler, subject) USING (handler, subject)
    WHERE t.name = %(name)s AND t.subject <> '' AND (ready OR state IN ('leased', 'sent')) FOR UPDATE OF t
) AS taken
"""
# What stands at the front of these lanes steps back; then whoever is first steps there, where nobody is at work.
STEP_BACK: Final = """
UPDATE tm_async_inbox_tasks t SET ready = false
FROM unnest(%(handlers)s::text[], %(subjects)s::text[]) AS lane (handler, subject)
WHERE t.name = %(name)s AND t.handler = lane.handler AND t.subject = lane.subject AND t.subject <> '' AND ready
AND state = 'new'
"""
STEP_FORWARD: Final = """
UPDATE tm_async_inbox_tasks SET ready = true WHERE number IN (
    SELECT first.number FROM unnest(%(handlers)s::text[], %(subjects)s::text[]) AS lane (handler, subject)
    CROSS JOIN LATERAL (
        SELECT number FROM tm_async_inbox_tasks t WHERE t.name = %(name)s AND t.handler = lane.handler
        AND t.subject = lane.subject AND t.subject <> '' AND state = 'new' ORDER BY happened, number LIMIT 1
    ) AS first
    WHERE NOT EXISTS (
        SELECT FROM tm_async_inbox_tasks t WHERE t.name = %(name)s AND t.handler = lane.handler
        AND t.subject = lane.subject AND t.subject <> '' AND state IN ('leased', 'sent')
    )
)
"""
# Of one lane, by who was at work there.
NEXT: Final = """
UPDATE tm_async_inbox_tasks SET ready = true WHERE number = (
    SELECT number FROM tm_async_inbox_tasks t WHERE name = %s AND handler = %s AND subject = %s AND subject <> ''
    AND state = 'new' ORDER BY happened, number LIMIT 1
)
"""
# Its own row first: a claim and a renewal of one worker come one after the other.
OWN: Final = f"""
INSERT INTO tm_async_inbox_workers AS own VALUES (%s, %s, 0)
ON CONFLICT (name, worker) DO UPDATE SET ends = own.ends RETURNING ends, {NOW}
"""  # noqa: S608
# A worker whose row somebody writes is just renewing; one whose row is read here can't renew before the commit.
ENDED: Final = """
SELECT worker FROM tm_async_inbox_workers w WHERE name = %(name)s AND worker <> %(worker)s AND ends <= %(now)s
AND EXISTS (SELECT FROM tm_async_inbox_tasks t WHERE t.name = w.name AND t.worker = w.worker AND t.state = 'leased')
FOR SHARE OF w SKIP LOCKED
"""
EXTEND: Final = f"""
INSERT INTO tm_async_inbox_workers AS own VALUES (%s, %s, {NOW} + %s)
ON CONFLICT (name, worker) DO UPDATE SET ends = greatest(own.ends, excluded.ends)
"""  # noqa: S608
RECORD: Final = f"""
UPDATE tm_async_inbox_tasks SET state = %(state)s, due = {NOW} + %(after)s, error = %(error)s,
attempts = attempts - %(uncounted)s, ready = %(ready)s
WHERE number = %(number)s AND name = %(name)s AND state = 'leased' AND claims = %(claims)s
"""  # noqa: S608
PAGE: Final = f"""
SELECT {COLUMNS} FROM tm_async_inbox_tasks t JOIN tm_async_inbox d ON d.id = t.delivery
WHERE t.name = %(name)s AND number > %(last)s AND (%(among)s::text[] IS NULL OR state = ANY(%(among)s))
ORDER BY number LIMIT %(page)s
"""  # noqa: S608
FINISHED: Final = """
SELECT number, handler, subject FROM tm_async_inbox_tasks t
WHERE name = %(name)s AND number = ANY(%(numbers)s::bigint[]) AND state IN ('done', 'dead')
AND EXISTS (SELECT FROM tm_async_inbox d WHERE d.id = t.delivery AND body IS NOT NULL)
"""
# By who has their lanes: never the other way round.
RETRIEVE: Final = f"{FINISHED} ORDER BY number FOR UPDATE"
REVIVE: Final = f"""
UPDATE tm_async_inbox_tasks SET state = 'new', attempts = 0, due = {NOW}, error = '',
ready = subject = '' AND handler <> ''
WHERE number = ANY(%s::bigint[])
"""  # noqa: S608
COUNTS: Final = "SELECT handler, state, count(*) FROM tm_async_inbox_tasks WHERE name = %s GROUP BY handler, state"
_LACKS: Final = "NOT EXISTS (SELECT FROM tm_async_inbox_tasks t WHERE t.delivery = d.id AND state NOT IN"
# Where others tidy, too, each takes what the others don't.
FORGET: Final = f"""
DELETE FROM tm_async_inbox WHERE id = ANY(ARRAY(
    SELECT id FROM tm_async_inbox d WHERE name = %s AND received < {NOW} - %s AND {_LACKS} ('done', 'dead')) LIMIT 500
    FOR UPDATE SKIP LOCKED
))
"""  # noqa: S608
SPEND: Final = f"""
UPDATE tm_async_inbox SET body = NULL WHERE id = ANY(ARRAY(
    SELECT id FROM tm_async_inbox d WHERE name = %s AND received < {NOW} - %s AND body IS NOT NULL
    AND {_LACKS} ('done')) LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
))
"""  # noqa: S608
IDLE: Final = f"""
DELETE FROM tm_async_inbox_workers WHERE name = %(name)s AND worker = ANY(ARRAY(
    SELECT worker FROM tm_async_inbox_workers w WHERE name = %(name)s AND ends < {NOW} - %(bodies)s AND NOT EXISTS (
        SELECT FROM tm_async_inbox_tasks t WHERE t.name = w.name AND t.worker = w.worker AND state = 'leased'
    ) FOR UPDATE SKIP LOCKED
))
"""  # noqa: S608
HOLD: Final = "UPDATE tm_async_inbox_workers SET ends = greatest(ends, %s) WHERE name = %s AND worker = %s"


def take(among: LiteralString) -> LiteralString:
    """Lease the first tasks `among` those of each handler, as many as it has room for."""
    return f"""
WITH due AS MATERIALIZED (
    SELECT one.number AS due_number
    FROM unnest(%(handlers)s::text[], %(rooms)s::int[]) AS wanted (handler, room) CROSS JOIN LATERAL (
        SELECT number FROM tm_async_inbox_tasks t
        WHERE t.name = %(name)s AND t.handler = wanted.handler AND {among}
        AND (%(keys)s::text[] IS NULL OR t.key = ANY(%(keys)s))
        ORDER BY due, number LIMIT room FOR UPDATE SKIP LOCKED
    ) AS one
)
UPDATE tm_async_inbox_tasks t
SET state = 'leased', ready = false, claims = claims + 1, attempts = attempts + 1, worker = %(worker)s
FROM due, tm_async_inbox d WHERE number = due_number AND d.id = t.delivery
RETURNING {COLUMNS}, t.subject <> '' AND EXISTS (
    SELECT FROM tm_async_inbox_tasks o WHERE o.name = t.name AND o.handler = t.handler AND o.subject = t.subject
    AND o.subject <> '' AND o.state = 'done' AND o.happened > t.happened
)
"""  # noqa: S608  # no value is in it
