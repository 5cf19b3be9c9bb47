-- Reports that a person can check: earlier versions stay, people set levels beside the machine's and sign off, competencies
-- have weights, and a report can be shared by a link.

-- 0 comes first. What is made again by itself waits behind what people wait for.
ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 9);
CREATE INDEX jobs_order ON jobs (state, priority, run_after, id);

-- What a question looks at; empty: its category. Copied into the answer, with the category's name in place of nothing.
ALTER TABLE questions ADD COLUMN competency TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN competency TEXT NOT NULL DEFAULT '';
UPDATE responses SET competency = COALESCE((SELECT CASE q.category WHEN 'warmup' THEN 'Warm-up' WHEN 'behavioral' THEN
    'Behavioral' WHEN 'technical' THEN 'Technical' WHEN 'situational' THEN 'Situational' ELSE 'Closing' END
    FROM questions q WHERE q.id = responses.question_id), '');

-- How much each counts, when the interviewer has said so. Without rows every question counts the same.
CREATE TABLE interview_competencies (
    interview_id BLOB NOT NULL REFERENCES interview_configs (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL CHECK (position >= 1),
    name         TEXT NOT NULL CHECK (name <> ''),
    weight       REAL NOT NULL CHECK (weight BETWEEN 0 AND 100),
    PRIMARY KEY (interview_id, position)
) STRICT, WITHOUT ROWID;

-- version: of what stands here, from 1; 0: nothing was made yet. reason: why it was made. next_reason: why the next one is
-- being made. asks: how often one was asked for, so that whoever makes it sees that things moved on.
ALTER TABLE reports ADD COLUMN version INTEGER NOT NULL DEFAULT 0 CHECK (version >= 0);
ALTER TABLE reports ADD COLUMN reason TEXT NOT NULL DEFAULT 'completed' CHECK (reason IN ('completed', 'rubric_changed', 'requested'));
ALTER TABLE reports ADD COLUMN next_reason TEXT NOT NULL DEFAULT 'none' CHECK (next_reason IN ('none', 'completed', 'rubric_changed', 'requested'));
ALTER TABLE reports ADD COLUMN asks INTEGER NOT NULL DEFAULT 0 CHECK (asks >= 0);
ALTER TABLE reports ADD COLUMN made_at INTEGER;
ALTER TABLE reports ADD COLUMN content TEXT CHECK (content IS NULL OR json_valid(content));
UPDATE reports SET version = 1, made_at = updated_at WHERE scorer_version <> '';
UPDATE reports SET next_reason = 'requested' WHERE status = 'pending';

-- What a report was before it was made again.
CREATE TABLE report_versions (
    report_id      BLOB NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    version        INTEGER NOT NULL CHECK (version >= 1),
    reason         TEXT NOT NULL CHECK (reason IN ('completed', 'rubric_changed', 'requested')),
    overall_score  REAL CHECK (overall_score BETWEEN 1 AND 5),
    summary        TEXT NOT NULL DEFAULT '',
    questions      TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(questions)),
    content        TEXT CHECK (content IS NULL OR json_valid(content)),
    scorer_version TEXT NOT NULL DEFAULT '',
    made_at        INTEGER NOT NULL,
    PRIMARY KEY (report_id, version)
) STRICT;

-- A person's level for an answer, beside the machine's. Never changed: the last one of an answer counts; without a level it
-- takes back the one before. version, machine_score: what the person saw.
CREATE TABLE score_overrides (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    report_id     BLOB NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    response_id   BLOB NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    author_id     BLOB REFERENCES users (id) ON DELETE SET NULL,
    version       INTEGER NOT NULL CHECK (version >= 1),
    machine_score REAL CHECK (machine_score BETWEEN 1 AND 5),
    level         REAL CHECK (level BETWEEN 1 AND 5),
    reason        TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX score_overrides_report ON score_overrides (report_id, id);
CREATE INDEX score_overrides_response ON score_overrides (response_id, id);
CREATE INDEX score_overrides_author ON score_overrides (author_id);

-- A person stands behind a version of a report, with what came of it. overall_score: as it was, people's levels included.
CREATE TABLE report_sign_offs (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    report_id     BLOB NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    version       INTEGER NOT NULL CHECK (version >= 1),
    author_id     BLOB REFERENCES users (id) ON DELETE SET NULL,
    outcome       TEXT NOT NULL CHECK (outcome IN ('none', 'advance', 'decline')),
    overall_score REAL CHECK (overall_score BETWEEN 1 AND 5),
    created_at    INTEGER NOT NULL,
    withdrawn_at  INTEGER
) STRICT;
CREATE INDEX report_sign_offs_report ON report_sign_offs (report_id, id);
CREATE INDEX report_sign_offs_author ON report_sign_offs (author_id);

-- Links by which a report is read without an account. Only the hash of the secret part is kept.
CREATE TABLE report_shares (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    report_id    BLOB NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    created_by   BLOB REFERENCES users (id) ON DELETE SET NULL,
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    hide_names   INTEGER NOT NULL DEFAULT 0 CHECK (hide_names IN (0, 1)),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE INDEX report_shares_report ON report_shares (report_id, id);
CREATE INDEX report_shares_author ON report_shares (created_by);
CREATE INDEX report_shares_expiry ON report_shares (expires_at);

-- What candidates say of themselves of their own will, for figures over many. Nothing that scores reads it.
CREATE TABLE self_identifications (
    session_id BLOB NOT NULL REFERENCES interview_sessions (id) ON DELETE CASCADE,
    category   TEXT NOT NULL CHECK (category <> ''),
    value      TEXT NOT NULL CHECK (value <> ''),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, category)
) STRICT, WITHOUT ROWID;
