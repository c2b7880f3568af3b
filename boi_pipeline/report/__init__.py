"""The team's weekly report: what a week published, reached and cost, from the measures of one published set."""
