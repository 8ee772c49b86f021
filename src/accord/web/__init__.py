"""The workbench and the library in a browser, and the interface for programs."""
