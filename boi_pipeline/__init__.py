"""From public announcements to an approved bulletin: reading, matching, warehouse, editorial, publishing."""
