"""The section on trade: what other parties sell to the host by sector, and who else sells."""

from accord.briefing.charts.figures import build_origin_figure, build_sector_figure
from accord.briefing.document.blocks import Block, Paragraph, Section
from accord.briefing.view import BriefingView

ORDER = 40


def build(view: BriefingView) -> Section:
    """Return the section on what each other party sells to the host."""
    sellers = view.words.listed([view.region(party) for party in view.partners])
    lead = view.say("trade.lead", payer=sellers)
    for payer in dict.fromkeys(moved.payer for moved in view.transfers.get(view.focus, ())):
        lead += view.say("trade.lead_transfer", payer=view.region(payer))
    blocks: list[Block] = [Paragraph(lead)]
    blocks += [build_sector_figure(view, seller) for seller in view.partners]
    blocks.append(build_origin_figure(view))
    return Section("trade", view.text("trade.title.section"), tuple(blocks))
