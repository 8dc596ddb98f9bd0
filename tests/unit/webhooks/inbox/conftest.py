"""What the tests of inboxes in databases share."""

from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest


@pytest.fixture
async def own_schema(postgres_url: str) -> str:
    """A URL whose tables are nobody else's."""
    name = f"s{uuid4().hex}"
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as db:
        await db.execute(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
    return f"{postgres_url}?options={quote(f'-csearch_path={name}')}"
