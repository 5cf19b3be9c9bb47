-- Ids are UUIDv7 in 16 bytes: they sort by the time they were made. Times are Unix milliseconds, UTC. Enumerations are
-- kept as their word. Lists and documents are JSON text. Voices, avatars and languages are open sets: no CHECK on them.

CREATE TABLE users (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email         TEXT NOT NULL UNIQUE CHECK (email = lower(email) AND email <> ''),
    full_name     TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'recruiter', 'reviewer')),
    is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE refresh_tokens (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family_id  BLOB NOT NULL CHECK (length(family_id) = 16),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

CREATE TABLE interview_configs (
    id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    owner_id        BLOB NOT NULL REFERENCES users (id),
    title           TEXT NOT NULL CHECK (title <> ''),
    job_role        TEXT NOT NULL CHECK (job_role <> ''),
    job_description TEXT NOT NULL DEFAULT '',
    organisation    TEXT NOT NULL DEFAULT '',
    interview_type  TEXT NOT NULL CHECK (interview_type IN ('technical', 'behavioral', 'situational', 'mixed')),
    difficulty      TEXT NOT NULL CHECK (difficulty IN ('junior', 'mid', 'senior', 'lead')),
    focus_areas     TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(focus_areas)),
    question_count  INTEGER NOT NULL CHECK (question_count BETWEEN 1 AND 20),
    avatar          TEXT NOT NULL,
    voice           TEXT NOT NULL,
    language        TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('draft', 'open', 'closed')),
    link            TEXT NOT NULL UNIQUE CHECK (length(link) = 32),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX interview_configs_owner ON interview_configs (owner_id, id);
CREATE INDEX interview_configs_owner_status ON interview_configs (owner_id, status, id);
CREATE INDEX interview_configs_status ON interview_configs (status, id);

CREATE TABLE questions (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    interview_id BLOB NOT NULL REFERENCES interview_configs (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL CHECK (position >= 1),
    text         TEXT NOT NULL CHECK (text <> ''),
    category     TEXT NOT NULL CHECK (category IN ('warmup', 'behavioral', 'technical', 'situational', 'closing')),
    points       TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(points)),
    time_limit_s INTEGER NOT NULL DEFAULT 0 CHECK (time_limit_s >= 0),
    UNIQUE (interview_id, position)
) STRICT;

CREATE TABLE candidates (
    id                   BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    interview_id         BLOB NOT NULL REFERENCES interview_configs (id),
    full_name            TEXT NOT NULL,
    email                TEXT NOT NULL CHECK (email = lower(email) AND email <> ''),
    consent_recording_at INTEGER NOT NULL,
    consent_ai_at        INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    UNIQUE (interview_id, email)
) STRICT;

CREATE TABLE interview_sessions (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    interview_id BLOB NOT NULL REFERENCES interview_configs (id),
    candidate_id BLOB NOT NULL UNIQUE REFERENCES candidates (id) ON DELETE CASCADE,
    status       TEXT NOT NULL CHECK (status IN ('registered', 'in_progress', 'completed', 'withdrawn')),
    position     INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at   INTEGER NOT NULL,
    started_at   INTEGER,
    completed_at INTEGER,
    updated_at   INTEGER NOT NULL,
    CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CHECK (status NOT IN ('in_progress', 'completed') OR started_at IS NOT NULL)
) STRICT;
CREATE INDEX interview_sessions_interview ON interview_sessions (interview_id, id);
CREATE INDEX interview_sessions_interview_status ON interview_sessions (interview_id, status, id);
CREATE INDEX interview_sessions_status ON interview_sessions (status, id);

-- An answer: opened when its question was asked, ended once. Question and points are copied, so that editing the interview
-- afterwards changes nothing that was said.
CREATE TABLE responses (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    session_id    BLOB NOT NULL REFERENCES interview_sessions (id) ON DELETE CASCADE,
    question_id   BLOB REFERENCES questions (id) ON DELETE SET NULL,
    position      INTEGER NOT NULL CHECK (position >= 1),
    question_text TEXT NOT NULL,
    points        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(points)),
    time_limit_s  INTEGER NOT NULL DEFAULT 0 CHECK (time_limit_s >= 0),
    status        TEXT NOT NULL CHECK (status IN ('open', 'ended')),
    mode          TEXT NOT NULL CHECK (mode IN ('none', 'voice', 'text')),
    text          TEXT NOT NULL DEFAULT '',
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    UNIQUE (session_id, position),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL))
) STRICT;
CREATE INDEX responses_question ON responses (question_id);
CREATE UNIQUE INDEX responses_one_open ON responses (session_id) WHERE status = 'open';

CREATE TABLE utterances (
    id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    response_id BLOB NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL CHECK (seq >= 0),
    speaker     TEXT NOT NULL CHECK (speaker IN ('candidate', 'interviewer')),
    start_ms    INTEGER NOT NULL CHECK (start_ms >= 0),
    end_ms      INTEGER NOT NULL CHECK (end_ms >= start_ms),
    text        TEXT NOT NULL,
    UNIQUE (response_id, seq)
) STRICT;

CREATE TABLE recording_segments (
    id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    response_id BLOB NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    segment     INTEGER NOT NULL CHECK (segment >= 0),
    media_type  TEXT NOT NULL,
    offset_ms   INTEGER NOT NULL CHECK (offset_ms >= 0),
    next_seq    INTEGER NOT NULL DEFAULT 0 CHECK (next_seq >= 0),
    bytes       INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    status      TEXT NOT NULL CHECK (status IN ('uploading', 'processing', 'ready', 'failed')),
    media_key   TEXT,
    duration_ms INTEGER NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    error       TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (response_id, segment),
    CHECK (status <> 'ready' OR media_key IS NOT NULL)
) STRICT;
CREATE INDEX recording_segments_status ON recording_segments (status, updated_at);

CREATE TABLE recording_chunks (
    segment_id BLOB NOT NULL REFERENCES recording_segments (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes      INTEGER NOT NULL CHECK (bytes > 0),
    PRIMARY KEY (segment_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
    id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    session_id     BLOB NOT NULL UNIQUE REFERENCES interview_sessions (id) ON DELETE CASCADE,
    status         TEXT NOT NULL CHECK (status IN ('pending', 'ready', 'failed')),
    overall_score  REAL CHECK (overall_score BETWEEN 1 AND 5),
    summary        TEXT NOT NULL DEFAULT '',
    questions      TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(questions)),
    scorer_version TEXT NOT NULL DEFAULT '',
    error          TEXT,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;

-- Work to be done after a commit. At most one job of a kind waits or runs for a subject.
CREATE TABLE jobs (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind         TEXT NOT NULL CHECK (kind <> ''),
    subject_id   BLOB NOT NULL CHECK (length(subject_id) = 16),
    payload      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(payload)),
    state        TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
    run_after    INTEGER NOT NULL,
    lease_until  INTEGER,
    last_error   TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX jobs_one_pending ON jobs (kind, subject_id) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_subject ON jobs (subject_id);
CREATE INDEX jobs_due ON jobs (state, run_after, id);
CREATE INDEX jobs_lease ON jobs (state, lease_until);
CREATE INDEX jobs_updated ON jobs (state, updated_at);
