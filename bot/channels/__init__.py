"""Channels: one file each, filling the port `assistance.ports.Channel`."""
