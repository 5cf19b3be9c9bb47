ALTER TABLE recording_segments DROP COLUMN lead_ms;
