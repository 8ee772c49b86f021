"""What must hold for every world and every shock, searched by hypothesis."""
