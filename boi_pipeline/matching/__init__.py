"""Items and readings to opportunities: which announcements speak of the same call."""
