-- Where the words of a plugin are, so that they are removed without looking through those of all.
CREATE TABLE search_rows (
    plugin_id TEXT PRIMARY KEY,
    text_row BIGINT NOT NULL,
    name_row BIGINT NOT NULL
);
INSERT INTO search_rows (plugin_id, text_row, name_row) SELECT plugin_id, rowid, 0 FROM search_texts;
UPDATE search_rows SET name_row = n.rowid FROM search_names n WHERE n.plugin_id = search_rows.plugin_id;
