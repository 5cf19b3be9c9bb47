-- Whether whoever has the link may hear and see the recordings. Links that are there already promised none.
ALTER TABLE report_shares ADD COLUMN recordings INTEGER NOT NULL DEFAULT 0 CHECK (recordings IN (0, 1));
