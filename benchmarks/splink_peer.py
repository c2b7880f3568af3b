"""Splink over the same announcements, by the steps of its own deduplication tutorial: ``python splink_peer.py IN.parquet OUT.parquet``.

Runs in a process of its own, with the columns of the announcements as they come; prints one JSON line of seconds and
memory. The pairs it joins go to OUT.
"""

import json
import logging
import sys
import time
from pathlib import Path

MERGE = 0.95


def main(source: str, target: str) -> None:
    """Train without labels, predict, cluster."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.disable(logging.WARNING)
    start, worked = time.perf_counter(), time.process_time()
    connection = duckdb.connect()
    connection.execute("create table calls as select * from read_parquet(?)", [source])
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="item_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.92, 0.85, 0.75]),
            cl.JaroWinklerAtThresholds("funder_name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.AbsoluteDateDifferenceAtThresholds(
                "close_date", input_is_string=False, metrics=["day", "month"], thresholds=[1, 1]
            ),
            cl.ExactMatch("amount"),
            cl.ExactMatch("apply_url"),
            cl.ExactMatch("opportunity_number"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("apply_url"),
            block_on("opportunity_number"),
            block_on("funder_name", "close_date"),
            block_on("close_date", "amount"),
            block_on("substr(title, 1, 20)"),
        ],
    )
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("calls"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("apply_url"), block_on("opportunity_number")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("close_date", "amount"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("apply_url"))
    pairs = linker.inference.predict(threshold_match_probability=MERGE)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=MERGE)
    connection.execute(
        f"copy (select item_id, cluster_id from {clusters.physical_name}) to '{target}' (format parquet)"
    )
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    told = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - worked, "peak_mib": peak // 1024}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
