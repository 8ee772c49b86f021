"""The promises the project makes about itself: layers, names, sizes, documents that execute."""
