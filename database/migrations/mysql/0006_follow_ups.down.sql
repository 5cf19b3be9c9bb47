ALTER TABLE utterances
    DROP COLUMN typed,
    DROP COLUMN follow_up;
ALTER TABLE interview_configs DROP COLUMN follow_ups;
