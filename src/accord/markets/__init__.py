"""The markets engine: makers who set the prices of differentiated products, under duties."""
