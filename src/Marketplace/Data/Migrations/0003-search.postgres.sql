-- Stems as SQLite's do, and like there no word is too common to be looked for.
CREATE TEXT SEARCH DICTIONARY market_stem (TEMPLATE = snowball, LANGUAGE = porter);
CREATE TEXT SEARCH CONFIGURATION market_words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION market_words
    ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart WITH market_stem;

-- Letters without their marks.
CREATE FUNCTION market_plain(words TEXT) RETURNS TEXT LANGUAGE SQL IMMUTABLE AS $$
    SELECT normalize(regexp_replace(normalize(words, NFD), '[\u0300-\u036F]', '', 'g'), NFC)
$$;

CREATE TABLE search_texts (
    plugin_id TEXT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_texts_words ON search_texts USING gin (words) WITH (fastupdate = off);

-- For names that somebody has not typed quite right.
CREATE TABLE search_names (
    plugin_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    trigrams TEXT[] NOT NULL
);
CREATE INDEX search_names_trigrams ON search_names USING gin (trigrams) WITH (fastupdate = off);
