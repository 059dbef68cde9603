from app.features.moderation.pages.mine import BlockPages, DecisionPages
from app.features.moderation.pages.queue import AppealPages, ReportPages
from app.features.moderation.pages.reporting import NewReportPages

PAGES = (NewReportPages, ReportPages, AppealPages, DecisionPages, BlockPages)

__all__ = ["PAGES"]
