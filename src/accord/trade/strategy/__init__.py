"""Tariffs that parties choose: best responses, wars, agreements."""
