"""Tariffs by line: from lists of HS codes with rates to tariffs by exporter and sector."""
