"""What Dagster sees: one thin module per stage over functions that know nothing of Dagster."""
