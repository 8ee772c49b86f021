"""The chains engine: what stands behind a country's trade, from input-output accounts."""
