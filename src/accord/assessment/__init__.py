"""One assessment of a deal: settings, results, and the tables made of them."""
