-- What the whole API needs: log-ins that can be listed and ended, one-time links, sharing with reviewers, limits of an
-- interview, resumes, notes, settings, and the audit log.

ALTER TABLE users
    ADD COLUMN last_login_at BIGINT,
    ADD KEY users_role (role, is_active, id),
    ADD KEY users_active (is_active, id),
    ADD KEY users_name (full_name, id),
    ADD KEY users_last_login (last_login_at, id);

-- A log-in, by the id of its family of refresh tokens. Ends at expires_at however often it was refreshed.
CREATE TABLE logins (
    id           BINARY(16) NOT NULL PRIMARY KEY,
    user_id      BINARY(16) NOT NULL,
    user_agent   VARCHAR(1024) NOT NULL DEFAULT '',
    address      VARCHAR(255) NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    KEY logins_user (user_id, id),
    KEY logins_expiry (expires_at),
    CONSTRAINT logins_of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO logins (id, user_id, created_at, last_used_at, expires_at, revoked_at)
SELECT family_id, user_id, MIN(created_at), MAX(created_at), MAX(expires_at), MIN(revoked_at)
FROM refresh_tokens GROUP BY family_id, user_id;
-- Whether a log-in has ended is said there alone.
ALTER TABLE refresh_tokens DROP COLUMN revoked_at;

-- Links that work once: to accept an invitation, to set a new password. Only the hash of the secret part is kept.
CREATE TABLE account_links (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    user_id    BINARY(16) NOT NULL,
    kind       VARCHAR(16) NOT NULL CHECK (kind IN ('invitation', 'password_reset')),
    token_hash BINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    UNIQUE KEY token_hash (token_hash),
    KEY account_links_user (user_id, kind),
    KEY account_links_expiry (expires_at),
    CONSTRAINT account_links_of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

ALTER TABLE interview_configs
    ADD COLUMN expires_at BIGINT,
    ADD COLUMN max_sessions BIGINT NOT NULL DEFAULT 0 CHECK (max_sessions >= 0),
    ADD COLUMN archived_at BIGINT,
    ADD KEY interview_configs_archived (archived_at, id),
    ADD KEY interview_configs_updated (updated_at, id),
    ADD KEY interview_configs_title (title, id),
    ADD KEY interview_configs_type (interview_type, id),
    ADD KEY interview_configs_difficulty (difficulty, id);

-- What a good answer to a question mentions, a row each.
CREATE TABLE rubric_points (
    question_id BINARY(16) NOT NULL,
    position    BIGINT NOT NULL CHECK (position >= 1),
    text        TEXT NOT NULL CHECK (CHAR_LENGTH(text) > 0),
    PRIMARY KEY (question_id, position),
    CONSTRAINT rubric_points_of_question FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO rubric_points (question_id, position, text)
SELECT q.id, p.n, p.item FROM questions q, JSON_TABLE(q.points, '$[*]' COLUMNS (n FOR ORDINALITY, item TEXT PATH '$')) p;
ALTER TABLE questions DROP COLUMN points;

-- Who may read an interview, its sessions and reports beside its owner.
CREATE TABLE interview_reviewers (
    interview_id BINARY(16) NOT NULL,
    user_id      BINARY(16) NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (interview_id, user_id),
    KEY interview_reviewers_user (user_id, interview_id),
    CONSTRAINT interview_reviewers_of_interview FOREIGN KEY (interview_id) REFERENCES interview_configs (id) ON DELETE CASCADE,
    CONSTRAINT interview_reviewers_of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

ALTER TABLE candidates
    ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0,
    ADD KEY candidates_interview (interview_id, id),
    ADD KEY candidates_email (email, id),
    ADD KEY candidates_name (full_name, id);
UPDATE candidates SET updated_at = created_at;

CREATE TABLE resumes (
    candidate_id BINARY(16) NOT NULL PRIMARY KEY,
    file_name    VARCHAR(255) NOT NULL,
    media_type   VARCHAR(255) NOT NULL,
    media_key    VARCHAR(255) NOT NULL,
    bytes        BIGINT NOT NULL CHECK (bytes > 0),
    sha256       CHAR(64) NOT NULL CHECK (CHAR_LENGTH(sha256) = 64),
    text         MEDIUMTEXT NOT NULL DEFAULT (''),
    hidden_kinds JSON NOT NULL DEFAULT ('[]'),
    hidden_text  MEDIUMTEXT NOT NULL DEFAULT (''),
    uploaded_at  BIGINT NOT NULL,
    UNIQUE KEY media_key (media_key),
    CONSTRAINT resumes_of_candidate FOREIGN KEY (candidate_id) REFERENCES candidates (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE session_notes (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    session_id BINARY(16) NOT NULL,
    author_id  BINARY(16),
    text       MEDIUMTEXT NOT NULL CHECK (CHAR_LENGTH(text) > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    KEY session_notes_session (session_id, id),
    KEY session_notes_author (author_id),
    CONSTRAINT session_notes_of_session FOREIGN KEY (session_id) REFERENCES interview_sessions (id) ON DELETE CASCADE,
    CONSTRAINT session_notes_of_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What the report gave an answer, beside the report's own document: for averages by category.
ALTER TABLE responses ADD COLUMN score DOUBLE CHECK (score BETWEEN 1 AND 5);
UPDATE responses p JOIN reports r ON r.session_id = p.session_id AND r.status = 'ready'
SET p.score = NULLIF(JSON_UNQUOTE(JSON_EXTRACT(r.questions, CONCAT('$[', p.position - 1, '].score'))), 'null')
WHERE JSON_EXTRACT(r.questions, CONCAT('$[', p.position - 1, '].position')) = p.position;

ALTER TABLE reports
    ADD KEY reports_score (overall_score, id),
    ADD KEY reports_moved (status, updated_at);

-- A preview is the owner's walk through the interview as a candidate: no list or figure counts it, and it is erased.
-- recordings_erased_at: set when the recordings were erased because they had been kept long enough; the rest of the
-- session stays.
-- own_token_hash: the token of the browser that registered, or of one that could show it since: only that one is shown
-- what was said.
ALTER TABLE interview_sessions
    ADD COLUMN own_token_hash BINARY(32),
    ADD COLUMN preview TINYINT NOT NULL DEFAULT 0 CHECK (preview IN (0, 1)),
    ADD COLUMN recordings_erased_at BIGINT,
    ADD KEY interview_sessions_started (started_at, id),
    ADD KEY interview_sessions_completed (completed_at, id),
    ADD KEY interview_sessions_created (created_at),
    ADD KEY interview_sessions_moved (status, updated_at),
    ADD KEY interview_sessions_kept (recordings_erased_at, completed_at);
UPDATE interview_sessions SET own_token_hash = token_hash;

-- What administrators set while the server runs, one value of JSON each.
CREATE TABLE settings (
    name       VARCHAR(128) NOT NULL PRIMARY KEY CHECK (name <> ''),
    value      JSON NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by BINARY(16),
    KEY settings_author (updated_by),
    CONSTRAINT settings_of_author FOREIGN KEY (updated_by) REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who did what. Ids only, so that it outlives what it speaks of and holds no name or address of a candidate.
CREATE TABLE audit_log (
    id           BINARY(16) NOT NULL PRIMARY KEY,
    at           BIGINT NOT NULL,
    actor_kind   VARCHAR(16) NOT NULL CHECK (actor_kind IN ('user', 'candidate', 'system')),
    actor_id     BINARY(16),
    action       VARCHAR(64) NOT NULL CHECK (action <> ''),
    subject_kind VARCHAR(64) NOT NULL DEFAULT '',
    subject_id   BINARY(16),
    request_id   VARCHAR(128) NOT NULL DEFAULT '',
    details      JSON NOT NULL DEFAULT ('{}'),
    KEY audit_log_at (at, id),
    KEY audit_log_actor (actor_id, at, id),
    KEY audit_log_subject (subject_id, at, id),
    KEY audit_log_action (action, at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
