-- What makes an interview a conversation: how long is waited, what candidates may ask for, and what happened around it.

-- time_to_finish_s: a session that is not finished so long after its start is closed as partial; 0: never.
ALTER TABLE interview_configs
    ADD COLUMN patience VARCHAR(16) NOT NULL DEFAULT 'normal' CHECK (patience IN ('quick', 'normal', 'patient')),
    ADD COLUMN think_time_s BIGINT NOT NULL DEFAULT 0 CHECK (think_time_s BETWEEN 0 AND 600),
    ADD COLUMN allow_pause TINYINT NOT NULL DEFAULT 1 CHECK (allow_pause IN (0, 1)),
    ADD COLUMN allow_skip TINYINT NOT NULL DEFAULT 1 CHECK (allow_skip IN (0, 1)),
    ADD COLUMN practice TINYINT NOT NULL DEFAULT 1 CHECK (practice IN (0, 1)),
    ADD COLUMN time_to_finish_s BIGINT NOT NULL DEFAULT 14400 CHECK (time_to_finish_s >= 0);

-- The question in other words, said when the candidate asks for it.
ALTER TABLE questions ADD COLUMN rephrased TEXT NOT NULL DEFAULT ('');

-- paused_ms: how long the interview was paused within it.
ALTER TABLE responses
    ADD COLUMN extended_s BIGINT NOT NULL DEFAULT 0 CHECK (extended_s >= 0),
    ADD COLUMN paused_ms BIGINT NOT NULL DEFAULT 0 CHECK (paused_ms >= 0),
    ADD COLUMN skipped TINYINT NOT NULL DEFAULT 0 CHECK (skipped IN (0, 1));

-- slower: the candidate asked for a slower voice. paused_at: while it is paused. paused_ms: how long it was before.
-- partial: closed without having been finished.
ALTER TABLE interview_sessions
    ADD COLUMN slower TINYINT NOT NULL DEFAULT 0 CHECK (slower IN (0, 1)),
    ADD COLUMN paused_at BIGINT,
    ADD COLUMN paused_ms BIGINT NOT NULL DEFAULT 0 CHECK (paused_ms >= 0),
    ADD COLUMN partial TINYINT NOT NULL DEFAULT 0 CHECK (partial IN (0, 1));

-- words: [["word", start_ms, end_ms, probability], ...], from the answer's start. before_ms: so much earlier than start_ms and
-- end_ms tell: what the interviewer said before the answer began, above all its question. other_language: what
-- it sounds like (ISO 639-1), when that is not the interview's.
ALTER TABLE utterances
    ADD COLUMN words JSON,
    ADD COLUMN before_ms BIGINT NOT NULL DEFAULT 0 CHECK (before_ms >= 0),
    ADD COLUMN confidence DOUBLE CHECK (confidence BETWEEN 0 AND 1),
    ADD COLUMN other_language VARCHAR(8);

-- What happened around the conversation.
CREATE TABLE session_events (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    session_id BINARY(16) NOT NULL,
    at         BIGINT NOT NULL,
    kind       VARCHAR(32) NOT NULL CHECK (kind IN ('tab_hidden', 'tab_visible', 'pasted', 'connection_lost', 'connection_back',
                   'other_device', 'microphone_lost', 'microphone_back', 'paused', 'resumed', 'extended', 'second_voice')),
    detail     TEXT NOT NULL DEFAULT (''),
    KEY session_events_session (session_id, id),
    CONSTRAINT session_events_of_session FOREIGN KEY (session_id) REFERENCES interview_sessions (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
