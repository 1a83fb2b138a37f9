"""Suggestions' tables: the suggestion and its way, and the transfer to the procuratorate."""

from suggestions.models.answer import Answer, Feedback, Rating, ResultClass
from suggestions.models.assignment import Assignment, AssignmentRole
from suggestions.models.cosigner import Cosigner, CosignerStatus
from suggestions.models.hotline_order import (
    FetchState,
    HotlineFetch,
    HotlineOrder,
    HotlineOrderQuerySet,
    HotlineOrderStep,
    OrderChannel,
    OrderKind,
    Sequence,
)
from suggestions.models.hotline_report import (
    HotlineEvent,
    HotlineFeed,
    HotlineReport,
    HotlineReportQuerySet,
    HotlineSettings,
    ScopeRule,
)
from suggestions.models.opinion import (
    Opinion,
    OpinionChannel,
    OpinionMessage,
    OpinionQuerySet,
    OpinionRoute,
    OpinionSeries,
    OpinionSide,
)
from suggestions.models.reconciliation import (
    DifferenceKind,
    ReconciledKind,
    Reconciliation,
    ReconciliationDifference,
    ReconciliationState,
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
    "DifferenceKind",
    "Feedback",
    "FetchState",
    "HotlineEvent",
    "HotlineFeed",
    "HotlineFetch",
    "HotlineOrder",
    "HotlineOrderQuerySet",
    "HotlineOrderStep",
    "HotlineReport",
    "HotlineReportQuerySet",
    "HotlineSettings",
    "NumberSeries",
    "Opinion",
    "OpinionChannel",
    "OpinionMessage",
    "OpinionQuerySet",
    "OpinionRoute",
    "OpinionSeries",
    "OpinionSide",
    "OrderChannel",
    "OrderKind",
    "PublicInterestDomain",
    "Rating",
    "ReconciledKind",
    "Reconciliation",
    "ReconciliationDifference",
    "ReconciliationState",
    "RefusalClause",
    "ResultClass",
    "ScopeRule",
    "Sequence",
    "Suggestion",
    "SuggestionQuerySet",
    "Transfer",
    "TransferQuerySet",
]
