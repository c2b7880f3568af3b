"""Small single-purpose item steps."""
