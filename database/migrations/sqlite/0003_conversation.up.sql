-- What makes an interview a conversation: how long is waited, what candidates may ask for, and what happened around it.

ALTER TABLE interview_configs ADD COLUMN patience TEXT NOT NULL DEFAULT 'normal' CHECK (patience IN ('quick', 'normal', 'patient'));
ALTER TABLE interview_configs ADD COLUMN think_time_s INTEGER NOT NULL DEFAULT 0 CHECK (think_time_s BETWEEN 0 AND 600);
ALTER TABLE interview_configs ADD COLUMN allow_pause INTEGER NOT NULL DEFAULT 1 CHECK (allow_pause IN (0, 1));
ALTER TABLE interview_configs ADD COLUMN allow_skip INTEGER NOT NULL DEFAULT 1 CHECK (allow_skip IN (0, 1));
ALTER TABLE interview_configs ADD COLUMN practice INTEGER NOT NULL DEFAULT 1 CHECK (practice IN (0, 1));
-- A session that is not finished so long after its start is closed as partial; 0: never.
ALTER TABLE interview_configs ADD COLUMN time_to_finish_s INTEGER NOT NULL DEFAULT 14400 CHECK (time_to_finish_s >= 0);

-- The question in other words, said when the candidate asks for it.
ALTER TABLE questions ADD COLUMN rephrased TEXT NOT NULL DEFAULT '';

ALTER TABLE responses ADD COLUMN extended_s INTEGER NOT NULL DEFAULT 0 CHECK (extended_s >= 0);
-- paused_ms: how long the interview was paused within it.
ALTER TABLE responses ADD COLUMN paused_ms INTEGER NOT NULL DEFAULT 0 CHECK (paused_ms >= 0);
ALTER TABLE responses ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped IN (0, 1));

-- slower: the candidate asked for a slower voice. paused_at: while it is paused. paused_ms: how long it was before.
-- partial: closed without having been finished.
ALTER TABLE interview_sessions ADD COLUMN slower INTEGER NOT NULL DEFAULT 0 CHECK (slower IN (0, 1));
ALTER TABLE interview_sessions ADD COLUMN paused_at INTEGER;
ALTER TABLE interview_sessions ADD COLUMN paused_ms INTEGER NOT NULL DEFAULT 0 CHECK (paused_ms >= 0);
ALTER TABLE interview_sessions ADD COLUMN partial INTEGER NOT NULL DEFAULT 0 CHECK (partial IN (0, 1));

-- words: [["word", start_ms, end_ms, probability], ...], from the answer's start. before_ms: so much earlier than start_ms and
-- end_ms tell: what the interviewer said before the answer began, above all its question.
ALTER TABLE utterances ADD COLUMN words TEXT CHECK (words IS NULL OR json_valid(words));
ALTER TABLE utterances ADD COLUMN before_ms INTEGER NOT NULL DEFAULT 0 CHECK (before_ms >= 0);
ALTER TABLE utterances ADD COLUMN confidence REAL CHECK (confidence BETWEEN 0 AND 1);
-- What it sounds like (ISO 639-1), when that is not the interview's language.
ALTER TABLE utterances ADD COLUMN other_language TEXT;

-- What happened around the conversation.
CREATE TABLE session_events (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    session_id BLOB NOT NULL REFERENCES interview_sessions (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('tab_hidden', 'tab_visible', 'pasted', 'connection_lost', 'connection_back',
                   'other_device', 'microphone_lost', 'microphone_back', 'paused', 'resumed', 'extended', 'second_voice')),
    detail     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX session_events_session ON session_events (session_id, id);
