CREATE VIRTUAL TABLE search_texts USING fts5 (
    plugin_id UNINDEXED, name, title, publisher, keywords, description, readme,
    tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);

-- For names that somebody has not typed quite right.
CREATE VIRTUAL TABLE search_names USING fts5 (plugin_id UNINDEXED, name, tokenize = 'trigram');
