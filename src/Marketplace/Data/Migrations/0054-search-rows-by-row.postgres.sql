-- Here what is searched has the plugins in its own rows.
SELECT 1;
