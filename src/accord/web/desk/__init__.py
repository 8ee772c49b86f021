"""Central figures of drafts, kept warm: exact ones by a thread, estimates until then."""
