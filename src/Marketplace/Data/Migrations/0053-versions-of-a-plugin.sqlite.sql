-- A plugin's live versions: of the keys of one plugin and of one state, SQLite takes the state, which is nearly all versions.
CREATE INDEX versions_of_plugin ON versions (plugin_id, state);
