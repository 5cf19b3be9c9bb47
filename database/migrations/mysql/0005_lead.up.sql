-- An answer that begins over the question is recorded from before its first word: how much of the recording lies before it.
ALTER TABLE recording_segments ADD COLUMN lead_ms BIGINT NOT NULL DEFAULT 0 CHECK (lead_ms >= 0);
