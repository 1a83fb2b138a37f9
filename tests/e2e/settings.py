"""Settings of the server that the browser tests talk to: those of the tests, on a database and a folder of its own."""

import axe_playwright_python

from liaison.settings.test import *

DATABASES["default"] |= {"NAME": env.str("E2E_DATABASE"), "CONN_MAX_AGE": CONN_MAX_AGE}
MEDIA_ROOT = Path(env.str("E2E_FILES"))
WHITENOISE_AUTOREFRESH = False  # the static files do not change meanwhile
# axe.min.js, from the portal itself as the content policy asks, and kept compiled by the browser.
STATICFILES_DIRS += [("axe", Path(axe_playwright_python.__file__).parent)]
