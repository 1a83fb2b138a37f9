"""How often the public may propose, and ask what became of a proposal."""

from __future__ import annotations

from liaison.limits import Limit

#: A whole village committee may stand behind one address.
PROPOSALS_AN_ADDRESS = Limit("proposal-ip", 20, 3600)
PROPOSALS_A_PROGRAMME = Limit("proposal-programme", 600, 3600)
#: 60 bits in a code: this is for the server's sake, nobody guesses one.
RECEIPTS_AN_ADDRESS = Limit("receipt-ip", 30, 600)
