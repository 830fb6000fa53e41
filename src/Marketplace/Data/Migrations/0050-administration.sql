-- Why an account may not be used; null when it may.
ALTER TABLE accounts ADD COLUMN suspended TEXT;
