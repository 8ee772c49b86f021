"""The opening of a briefing: headline, standfirst, cards, key points, what is not counted."""
