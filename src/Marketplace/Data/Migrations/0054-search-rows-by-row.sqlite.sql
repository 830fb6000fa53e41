-- The plugin of what the full text finds.
CREATE INDEX search_rows_text ON search_rows (text_row, plugin_id);
