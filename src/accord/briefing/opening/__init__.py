"""What a briefing opens with: headline, standfirst, cards, key points, what is not counted."""
