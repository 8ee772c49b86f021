"""Tables printed in papers; the tolerance is half a unit of the last printed digit."""
