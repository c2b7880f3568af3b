"""The offline reader: rules and lexicons, no network, no cost. One module a group of fields; ``reader`` joins them."""
