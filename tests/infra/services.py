"""Run a command against the PostgreSQL and Redis of this machine, when both answer.

usage: services.py DATABASE_URL REDIS_URL -- COMMAND…

DATABASE_URL needs no user: root, postgres and the caller are tried. Says plainly what is skipped, and why.
"""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis


def reachable_database(url: str) -> str | None:
    """The URL with a user that may create databases, or None after saying why not."""
    parts = urlsplit(url)
    users = [parts.username] if parts.username else ["postgres", "root", os.environ.get("USER", "")]
    problem = ""
    for user in filter(None, users):
        host = parts.hostname or "127.0.0.1"
        secret = f":{parts.password}" if parts.password else ""
        candidate = urlunsplit(parts._replace(netloc=f"{user}{secret}@{host}:{parts.port or 5432}"))
        try:
            with psycopg.connect(candidate, connect_timeout=3) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError as error:
            problem = str(error).strip().splitlines()[-1]
            continue
        if row and row[0]:
            return candidate
        problem = f"{user} may not create databases"
    print(f"services: skipped, no PostgreSQL at {parts.hostname}:{parts.port or 5432} ({problem})")
    return None


def reachable_redis(url: str) -> str | None:
    """The URL itself, or None after saying why not."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
            client.ping()
    except redis.RedisError as error:
        print(f"services: skipped, no Redis at {urlsplit(url).netloc} ({error})")
        return None
    return url


def main() -> None:
    """Check, then become the command."""
    database_url, redis_url, _, *command = sys.argv[1:]
    database, broker = reachable_database(database_url), reachable_redis(redis_url)
    if database is None or broker is None:
        sys.exit(0)
    print(f"services: PostgreSQL {urlsplit(database).hostname}, Redis {urlsplit(broker).netloc}", flush=True)
    os.environ.update(DATABASE_URL=database, REDIS_URL=broker)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
