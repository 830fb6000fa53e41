-- Here the statistics of the keys say which of them is better.
SELECT 1;
