"""The served portal, able to die where the test wants it."""

from tests.e2e.settings import *

MIDDLEWARE = ["tests.worker.dying.DieMiddleware", *MIDDLEWARE]
