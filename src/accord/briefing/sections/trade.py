"""The section on trade: what the payer sells to the host by sector, and who else sells there."""

from accord.briefing.charts.figures import build_origin_figure, build_sector_figure
from accord.briefing.document.blocks import Paragraph, Section
from accord.briefing.view import BriefingView

ORDER = 40


def build(view: BriefingView) -> Section:
    """Return the section on trade between the principal parties."""
    lead = view.say("trade.lead")
    if view.transfers.get(view.focus):
        lead += view.say("trade.lead_transfer")
    blocks = (Paragraph(lead), build_sector_figure(view), build_origin_figure(view))
    return Section("trade", view.text("trade.title.section"), blocks)
