"""The assessment of a deal: settings, results, verdict, bargain, and the tables made of them."""
