-- Ids are UUIDv7 in 16 bytes: they sort by the time they were made. Times are Unix milliseconds, UTC. Enumerations are
-- kept as their word. Lists and documents are JSON. Voices, avatars and languages are open sets: no CHECK on them.
--
-- Text is compared by its bytes (utf8mb4_bin), but for names and titles, which are searched without regard to case. What
-- SQLite says by a partial unique index is said by a generated column that is NULL where the index does not hold. A unique
-- key is named after the last of its columns: db/mysql_error.c reads it.

CREATE TABLE users (
    id            BINARY(16) NOT NULL PRIMARY KEY,
    email         VARCHAR(254) NOT NULL CHECK (email = LOWER(email) AND email <> ''),
    full_name     VARCHAR(255) COLLATE utf8mb4_unicode_ci NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    role          VARCHAR(16) NOT NULL CHECK (role IN ('admin', 'recruiter', 'reviewer')),
    is_active     TINYINT NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    UNIQUE KEY email (email)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE refresh_tokens (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    user_id    BINARY(16) NOT NULL,
    family_id  BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    revoked_at BIGINT,
    UNIQUE KEY token_hash (token_hash),
    KEY refresh_tokens_user (user_id),
    KEY refresh_tokens_family (family_id),
    KEY refresh_tokens_expiry (expires_at),
    CONSTRAINT refresh_tokens_of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE interview_configs (
    id              BINARY(16) NOT NULL PRIMARY KEY,
    owner_id        BINARY(16) NOT NULL,
    title           VARCHAR(255) COLLATE utf8mb4_unicode_ci NOT NULL CHECK (CHAR_LENGTH(title) > 0),
    job_role        VARCHAR(255) COLLATE utf8mb4_unicode_ci NOT NULL CHECK (CHAR_LENGTH(job_role) > 0),
    job_description MEDIUMTEXT NOT NULL DEFAULT (''),
    organisation    VARCHAR(255) COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT '',
    interview_type  VARCHAR(16) NOT NULL CHECK (interview_type IN ('technical', 'behavioral', 'situational', 'mixed')),
    difficulty      VARCHAR(16) NOT NULL CHECK (difficulty IN ('junior', 'mid', 'senior', 'lead')),
    focus_areas     JSON NOT NULL DEFAULT ('[]'),
    question_count  BIGINT NOT NULL CHECK (question_count BETWEEN 1 AND 20),
    avatar          VARCHAR(64) NOT NULL,
    voice           VARCHAR(64) NOT NULL,
    language        VARCHAR(64) NOT NULL,
    status          VARCHAR(16) NOT NULL CHECK (status IN ('draft', 'open', 'closed')),
    link            VARCHAR(64) NOT NULL CHECK (CHAR_LENGTH(link) = 32),
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    UNIQUE KEY link (link),
    KEY interview_configs_owner (owner_id, id),
    KEY interview_configs_owner_status (owner_id, status, id),
    KEY interview_configs_status (status, id),
    CONSTRAINT interview_configs_of_user FOREIGN KEY (owner_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE questions (
    id           BINARY(16) NOT NULL PRIMARY KEY,
    interview_id BINARY(16) NOT NULL,
    position     BIGINT NOT NULL CHECK (position >= 1),
    text         TEXT NOT NULL CHECK (CHAR_LENGTH(text) > 0),
    category     VARCHAR(16) NOT NULL CHECK (category IN ('warmup', 'behavioral', 'technical', 'situational', 'closing')),
    points       JSON NOT NULL DEFAULT ('[]'),
    time_limit_s BIGINT NOT NULL DEFAULT 0 CHECK (time_limit_s >= 0),
    UNIQUE KEY position (interview_id, position),
    CONSTRAINT questions_of_interview FOREIGN KEY (interview_id) REFERENCES interview_configs (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE candidates (
    id                   BINARY(16) NOT NULL PRIMARY KEY,
    interview_id         BINARY(16) NOT NULL,
    full_name            VARCHAR(255) COLLATE utf8mb4_unicode_ci NOT NULL,
    email                VARCHAR(254) NOT NULL CHECK (email = LOWER(email) AND email <> ''),
    consent_recording_at BIGINT NOT NULL,
    consent_ai_at        BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    UNIQUE KEY email (interview_id, email),
    CONSTRAINT candidates_of_interview FOREIGN KEY (interview_id) REFERENCES interview_configs (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE interview_sessions (
    id           BINARY(16) NOT NULL PRIMARY KEY,
    interview_id BINARY(16) NOT NULL,
    candidate_id BINARY(16) NOT NULL,
    status       VARCHAR(16) NOT NULL CHECK (status IN ('registered', 'in_progress', 'completed', 'withdrawn')),
    position     BIGINT NOT NULL DEFAULT 0 CHECK (position >= 0),
    token_hash   BINARY(32) NOT NULL,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    completed_at BIGINT,
    updated_at   BIGINT NOT NULL,
    UNIQUE KEY candidate_id (candidate_id),
    UNIQUE KEY token_hash (token_hash),
    KEY interview_sessions_interview (interview_id, id),
    KEY interview_sessions_interview_status (interview_id, status, id),
    KEY interview_sessions_status (status, id),
    CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CHECK (status NOT IN ('in_progress', 'completed') OR started_at IS NOT NULL),
    CONSTRAINT interview_sessions_of_interview FOREIGN KEY (interview_id) REFERENCES interview_configs (id),
    CONSTRAINT interview_sessions_of_candidate FOREIGN KEY (candidate_id) REFERENCES candidates (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- An answer: opened when its question was asked, ended once. Question and points are copied, so that editing the interview
-- afterwards changes nothing that was said.
CREATE TABLE responses (
    id            BINARY(16) NOT NULL PRIMARY KEY,
    session_id    BINARY(16) NOT NULL,
    question_id   BINARY(16),
    position      BIGINT NOT NULL CHECK (position >= 1),
    question_text TEXT NOT NULL,
    points        JSON NOT NULL DEFAULT ('[]'),
    time_limit_s  BIGINT NOT NULL DEFAULT 0 CHECK (time_limit_s >= 0),
    status        VARCHAR(16) NOT NULL CHECK (status IN ('open', 'ended')),
    mode          VARCHAR(16) NOT NULL CHECK (mode IN ('none', 'voice', 'text')),
    text          MEDIUMTEXT NOT NULL DEFAULT (''),
    started_at    BIGINT NOT NULL,
    ended_at      BIGINT,
    only_one      TINYINT GENERATED ALWAYS AS (CASE WHEN status = 'open' THEN 1 END) STORED,
    UNIQUE KEY position (session_id, position),
    UNIQUE KEY session_id (session_id, only_one),
    KEY responses_question (question_id),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT responses_of_session FOREIGN KEY (session_id) REFERENCES interview_sessions (id) ON DELETE CASCADE,
    CONSTRAINT responses_of_question FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE utterances (
    id          BINARY(16) NOT NULL PRIMARY KEY,
    response_id BINARY(16) NOT NULL,
    seq         BIGINT NOT NULL CHECK (seq >= 0),
    speaker     VARCHAR(16) NOT NULL CHECK (speaker IN ('candidate', 'interviewer')),
    start_ms    BIGINT NOT NULL CHECK (start_ms >= 0),
    end_ms      BIGINT NOT NULL,
    text        MEDIUMTEXT NOT NULL,
    UNIQUE KEY seq (response_id, seq),
    CHECK (end_ms >= start_ms),
    CONSTRAINT utterances_of_response FOREIGN KEY (response_id) REFERENCES responses (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE recording_segments (
    id          BINARY(16) NOT NULL PRIMARY KEY,
    response_id BINARY(16) NOT NULL,
    segment     BIGINT NOT NULL CHECK (segment >= 0),
    media_type  VARCHAR(64) NOT NULL,
    offset_ms   BIGINT NOT NULL CHECK (offset_ms >= 0),
    next_seq    BIGINT NOT NULL DEFAULT 0 CHECK (next_seq >= 0),
    bytes       BIGINT NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    status      VARCHAR(16) NOT NULL CHECK (status IN ('uploading', 'processing', 'ready', 'failed')),
    media_key   VARCHAR(255),
    duration_ms BIGINT NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    error       TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE KEY segment (response_id, segment),
    KEY recording_segments_status (status, updated_at),
    CHECK (status <> 'ready' OR media_key IS NOT NULL),
    CONSTRAINT recording_segments_of_response FOREIGN KEY (response_id) REFERENCES responses (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE recording_chunks (
    segment_id BINARY(16) NOT NULL,
    seq        BIGINT NOT NULL CHECK (seq >= 0),
    sha256     BINARY(32) NOT NULL,
    bytes      BIGINT NOT NULL CHECK (bytes > 0),
    PRIMARY KEY (segment_id, seq),
    CONSTRAINT recording_chunks_of_segment FOREIGN KEY (segment_id) REFERENCES recording_segments (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE reports (
    id             BINARY(16) NOT NULL PRIMARY KEY,
    session_id     BINARY(16) NOT NULL,
    status         VARCHAR(16) NOT NULL CHECK (status IN ('pending', 'ready', 'failed')),
    overall_score  DOUBLE CHECK (overall_score BETWEEN 1 AND 5),
    summary        MEDIUMTEXT NOT NULL DEFAULT (''),
    questions      JSON NOT NULL DEFAULT ('[]'),
    scorer_version VARCHAR(255) NOT NULL DEFAULT '',
    error          TEXT,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    UNIQUE KEY session_id (session_id),
    CONSTRAINT reports_of_session FOREIGN KEY (session_id) REFERENCES interview_sessions (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Work to be done after a commit. At most one job of a kind waits or runs for a subject.
CREATE TABLE jobs (
    id           BINARY(16) NOT NULL PRIMARY KEY,
    kind         VARCHAR(64) NOT NULL CHECK (kind <> ''),
    subject_id   BINARY(16) NOT NULL,
    payload      JSON NOT NULL DEFAULT ('{}'),
    state        VARCHAR(16) NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts     BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts BIGINT NOT NULL CHECK (max_attempts >= 1),
    run_after    BIGINT NOT NULL,
    lease_until  BIGINT,
    last_error   TEXT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    only_one     TINYINT GENERATED ALWAYS AS (CASE WHEN state IN ('queued', 'running') THEN 1 END) STORED,
    UNIQUE KEY subject_id (kind, subject_id, only_one),
    KEY jobs_subject (subject_id),
    KEY jobs_due (state, run_after, id),
    KEY jobs_lease (state, lease_until),
    KEY jobs_updated (state, updated_at),
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
