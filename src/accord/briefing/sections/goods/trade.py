"""The section on trade: what parties sell to each other by sector, and who else sells."""

from accord.briefing.charts.figures import build_origin_figure, build_sector_figure
from accord.briefing.document.blocks import Block, Paragraph, Section, with_suffix
from accord.briefing.pairs import moves_sales, view_pairs
from accord.briefing.view import BriefingView

ORDER = 40


def build(view: BriefingView) -> Section | None:
    """Return the section on what the first of each pair sells to the second.

    None where the package moves no sale that can be seen, as that of a single plant.

    Who else sells is shown for the sector most at stake between them; once where pairs share it.
    """
    pairs = list(view_pairs(view))
    if not any(moves_sales(pair) for pair in pairs):
        return None
    sales = view.words.listed([str(pair.phrase("trade.sale")) for pair in pairs])
    lead = view.say("trade.lead", sales=sales)
    for payer in dict.fromkeys(moved.payer for moved in view.transfers.get(view.focus, ())):
        lead += view.say("trade.lead_transfer", payer=view.region(payer))
    blocks: list[Block] = [Paragraph(lead)]
    figures = [build_sector_figure(pair) for pair in pairs]
    blocks += [with_suffix(figure, f"-{at + 1}" if at else "") for at, figure in enumerate(figures)]
    markets = {(pair.host, pair.main_sector): pair for pair in reversed(pairs)}
    figures = [build_origin_figure(pair) for pair in reversed(markets.values())]
    blocks += [with_suffix(figure, f"-{at + 1}" if at else "") for at, figure in enumerate(figures)]
    return Section("trade", view.text("trade.title.section"), tuple(blocks))
