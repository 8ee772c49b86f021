"""Trade that answers slowly: equilibria year by year, with a share of buyers choosing anew."""
