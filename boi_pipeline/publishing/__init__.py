"""What the public sees, as pure functions of approved snapshots: site and feeds."""
