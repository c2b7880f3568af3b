"""The stages of a run: functions of a ``Run`` that pass what one package made to the next. No Dagster, no terminal."""
