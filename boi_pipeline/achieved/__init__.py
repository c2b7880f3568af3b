"""What the bulletin achieved: files that people and channels hand in, as rows. What they add up to is said in SQL."""
