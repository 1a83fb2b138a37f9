from __future__ import annotations

import pytest
from nacl.pwhash import argon2id

from tests.cast import Cast
from tests.votes.people import County, build_county
from votes import sealing


@pytest.fixture
def county(cast: Cast) -> County:
    return build_county(cast)


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying a passphrase costs a third of a second and 128 MB; here as little as the algorithm allows."""
    monkeypatch.setattr(sealing, "ARGON_OPS", argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(sealing, "ARGON_MEMORY", argon2id.MEMLIMIT_MIN)
