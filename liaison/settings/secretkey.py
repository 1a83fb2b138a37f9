"""SECRET_KEY of a workstation."""

import os
import secrets
from pathlib import Path


def dev_secret_key(var_dir: Path) -> str:
    """Return this checkout's own SECRET_KEY, made at first use, so that none is in the repository."""
    path = var_dir / "secret_key"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        draft = var_dir / f".secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # the first of several wins
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text().strip()
