"""``boi eval``: readers measured on the labelled notices, matching on the labelled calls, and the pages with the figures."""
