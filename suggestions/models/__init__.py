"""Suggestions' tables: the suggestion and its way, and the transfer to the procuratorate."""

from suggestions.models.answer import Answer, Feedback, Rating, ResultClass
from suggestions.models.assignment import Assignment, AssignmentRole
from suggestions.models.cosigner import Cosigner, CosignerStatus
from suggestions.models.opinion import (
    Opinion,
    OpinionChannel,
    OpinionMessage,
    OpinionQuerySet,
    OpinionRoute,
    OpinionSeries,
    OpinionSide,
)
from suggestions.models.reference import Category, PublicInterestDomain, RefusalClause
from suggestions.models.series import NumberSeries
from suggestions.models.suggestion import Suggestion, SuggestionQuerySet
from suggestions.models.transfer import Transfer, TransferQuerySet

__all__ = [
    "Answer",
    "Assignment",
    "AssignmentRole",
    "Category",
    "Cosigner",
    "CosignerStatus",
    "Feedback",
    "NumberSeries",
    "Opinion",
    "OpinionChannel",
    "OpinionMessage",
    "OpinionQuerySet",
    "OpinionRoute",
    "OpinionSeries",
    "OpinionSide",
    "PublicInterestDomain",
    "Rating",
    "RefusalClause",
    "ResultClass",
    "Suggestion",
    "SuggestionQuerySet",
    "Transfer",
    "TransferQuerySet",
]
