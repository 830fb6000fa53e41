-- Nothing: what is searched has the plugin's id as its key here.
SELECT 1;
