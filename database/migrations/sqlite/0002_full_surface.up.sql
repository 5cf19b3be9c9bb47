-- What the whole API needs: log-ins that can be listed and ended, one-time links, sharing with reviewers, limits of an
-- interview, resumes, notes, settings, and the audit log.

ALTER TABLE users ADD COLUMN last_login_at INTEGER;
CREATE INDEX users_role ON users (role, is_active, id);
CREATE INDEX users_active ON users (is_active, id);
CREATE INDEX users_name ON users (full_name, id);
CREATE INDEX users_last_login ON users (last_login_at, id);

-- A log-in, by the id of its family of refresh tokens. Ends at expires_at however often it was refreshed.
CREATE TABLE logins (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id      BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent   TEXT NOT NULL DEFAULT '',
    address      TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT;
CREATE INDEX logins_user ON logins (user_id, id);
CREATE INDEX logins_expiry ON logins (expires_at);
INSERT INTO logins (id, user_id, created_at, last_used_at, expires_at, revoked_at)
SELECT family_id, user_id, MIN(created_at), MAX(created_at), MAX(expires_at), MIN(revoked_at)
FROM refresh_tokens GROUP BY family_id, user_id;
-- Whether a log-in has ended is said there alone.
ALTER TABLE refresh_tokens DROP COLUMN revoked_at;

-- Links that work once: to accept an invitation, to set a new password. Only the hash of the secret part is kept.
CREATE TABLE account_links (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'password_reset')),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX account_links_user ON account_links (user_id, kind);
CREATE INDEX account_links_expiry ON account_links (expires_at);

ALTER TABLE interview_configs ADD COLUMN expires_at INTEGER;
ALTER TABLE interview_configs ADD COLUMN max_sessions INTEGER NOT NULL DEFAULT 0 CHECK (max_sessions >= 0);
ALTER TABLE interview_configs ADD COLUMN archived_at INTEGER;

CREATE INDEX interview_configs_archived ON interview_configs (archived_at, id);
CREATE INDEX interview_configs_updated ON interview_configs (updated_at, id);
CREATE INDEX interview_configs_title ON interview_configs (title COLLATE NOCASE, id);
CREATE INDEX interview_configs_type ON interview_configs (interview_type, id);
CREATE INDEX interview_configs_difficulty ON interview_configs (difficulty, id);

-- What a good answer to a question mentions, a row each.
CREATE TABLE rubric_points (
    question_id BLOB NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL CHECK (position >= 1),
    text        TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (question_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO rubric_points (question_id, position, text)
SELECT q.id, p.key + 1, p.value FROM questions q, json_each(q.points) p;
ALTER TABLE questions DROP COLUMN points;

-- A preview is the owner's walk through the interview as a candidate: no list or figure counts it, and it is erased.
ALTER TABLE interview_sessions ADD COLUMN preview INTEGER NOT NULL DEFAULT 0 CHECK (preview IN (0, 1));

-- The token of the browser that registered, or of one that could show it since: only that one is shown what was said.
ALTER TABLE interview_sessions ADD COLUMN own_token_hash BLOB CHECK (length(own_token_hash) = 32);
UPDATE interview_sessions SET own_token_hash = token_hash;

-- Who may read an interview, its sessions and reports beside its owner.
CREATE TABLE interview_reviewers (
    interview_id BLOB NOT NULL REFERENCES interview_configs (id) ON DELETE CASCADE,
    user_id      BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (interview_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX interview_reviewers_user ON interview_reviewers (user_id, interview_id);

ALTER TABLE candidates ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE candidates SET updated_at = created_at;
CREATE INDEX candidates_interview ON candidates (interview_id, id);
CREATE INDEX candidates_email ON candidates (email, id);
CREATE INDEX candidates_name ON candidates (full_name, id);

CREATE TABLE resumes (
    candidate_id BLOB NOT NULL PRIMARY KEY REFERENCES candidates (id) ON DELETE CASCADE,
    file_name    TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    media_key    TEXT NOT NULL UNIQUE,
    bytes        INTEGER NOT NULL CHECK (bytes > 0),
    sha256       TEXT NOT NULL CHECK (length(sha256) = 64),
    text         TEXT NOT NULL DEFAULT '',
    hidden_kinds TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(hidden_kinds)),
    hidden_text  TEXT NOT NULL DEFAULT '',
    uploaded_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE session_notes (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    session_id BLOB NOT NULL REFERENCES interview_sessions (id) ON DELETE CASCADE,
    author_id  BLOB REFERENCES users (id) ON DELETE SET NULL,
    text       TEXT NOT NULL CHECK (text <> ''),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_notes_session ON session_notes (session_id, id);
CREATE INDEX session_notes_author ON session_notes (author_id);

-- What the report gave an answer, beside the report's own document: for averages by category.
ALTER TABLE responses ADD COLUMN score REAL CHECK (score BETWEEN 1 AND 5);
UPDATE responses SET score = (SELECT json_extract(e.value, '$.score') FROM reports r, json_each(r.questions) e
    WHERE r.session_id = responses.session_id AND r.status = 'ready'
    AND json_extract(e.value, '$.position') = responses.position);

CREATE INDEX reports_score ON reports (overall_score, id);
CREATE INDEX reports_moved ON reports (status, updated_at);
CREATE INDEX interview_sessions_started ON interview_sessions (started_at, id);
CREATE INDEX interview_sessions_completed ON interview_sessions (completed_at, id);
CREATE INDEX interview_sessions_created ON interview_sessions (created_at);
CREATE INDEX interview_sessions_moved ON interview_sessions (status, updated_at);

-- Set when the recordings were erased because they had been kept long enough; the rest of the session stays.
ALTER TABLE interview_sessions ADD COLUMN recordings_erased_at INTEGER;
CREATE INDEX interview_sessions_kept ON interview_sessions (recordings_erased_at, completed_at);

-- What administrators set while the server runs, one value of JSON each.
CREATE TABLE settings (
    name       TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    value      TEXT NOT NULL CHECK (json_valid(value)),
    updated_at INTEGER NOT NULL,
    updated_by BLOB REFERENCES users (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX settings_author ON settings (updated_by);

-- Who did what. Ids only, so that it outlives what it speaks of and holds no name or address of a candidate.
CREATE TABLE audit_log (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at           INTEGER NOT NULL,
    actor_kind   TEXT NOT NULL CHECK (actor_kind IN ('user', 'candidate', 'system')),
    actor_id     BLOB,
    action       TEXT NOT NULL CHECK (action <> ''),
    subject_kind TEXT NOT NULL DEFAULT '',
    subject_id   BLOB,
    request_id   TEXT NOT NULL DEFAULT '',
    details      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details))
) STRICT;
CREATE INDEX audit_log_at ON audit_log (at, id);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at, id);
CREATE INDEX audit_log_subject ON audit_log (subject_id, at, id);
CREATE INDEX audit_log_action ON audit_log (action, at, id);
