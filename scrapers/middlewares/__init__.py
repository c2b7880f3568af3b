"""Capture and replay, the address guard, block detection."""
