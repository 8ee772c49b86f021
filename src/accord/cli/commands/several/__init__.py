"""The commands on several deals, or many scenarios of one."""
