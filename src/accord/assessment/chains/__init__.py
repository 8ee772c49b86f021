"""What packages do to supply chains: who depends on whom, manufacturing at home, and jobs."""
