"""What all readers share: the labelled table, its cells, its mapping, its rules, its report."""
