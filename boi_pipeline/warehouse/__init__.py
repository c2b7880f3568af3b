"""The SQL-file loader, contracts, checks, and the published Parquet set."""
