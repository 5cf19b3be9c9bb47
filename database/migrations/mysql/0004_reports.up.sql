-- Reports that a person can check: earlier versions stay, people set levels beside the machine's and sign off, competencies
-- have weights, and a report can be shared by a link.

-- 0 comes first. What is made again by itself waits behind what people wait for.
ALTER TABLE jobs
    ADD COLUMN priority BIGINT NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 9),
    ADD KEY jobs_order (state, priority, run_after, id);

-- What a question looks at; empty: its category. Copied into the answer, with the category's name in place of nothing.
ALTER TABLE questions ADD COLUMN competency VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN competency VARCHAR(255) NOT NULL DEFAULT '';
UPDATE responses SET competency = COALESCE((SELECT CASE q.category WHEN 'warmup' THEN 'Warm-up' WHEN 'behavioral' THEN
    'Behavioral' WHEN 'technical' THEN 'Technical' WHEN 'situational' THEN 'Situational' ELSE 'Closing' END
    FROM questions q WHERE q.id = responses.question_id), '');

-- How much each counts, when the interviewer has said so. Without rows every question counts the same.
CREATE TABLE interview_competencies (
    interview_id BINARY(16) NOT NULL,
    position     BIGINT NOT NULL CHECK (position >= 1),
    name         VARCHAR(255) NOT NULL CHECK (name <> ''),
    weight       DOUBLE NOT NULL CHECK (weight BETWEEN 0 AND 100),
    PRIMARY KEY (interview_id, position),
    CONSTRAINT interview_competencies_of_interview FOREIGN KEY (interview_id) REFERENCES interview_configs (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- version: of what stands here, from 1; 0: nothing was made yet. reason: why it was made. next_reason: why the next one is
-- being made. asks: how often one was asked for, so that whoever makes it sees that things moved on.
ALTER TABLE reports
    ADD COLUMN version BIGINT NOT NULL DEFAULT 0 CHECK (version >= 0),
    ADD COLUMN reason VARCHAR(16) NOT NULL DEFAULT 'completed' CHECK (reason IN ('completed', 'rubric_changed', 'requested')),
    ADD COLUMN next_reason VARCHAR(16) NOT NULL DEFAULT 'none' CHECK (next_reason IN ('none', 'completed', 'rubric_changed', 'requested')),
    ADD COLUMN asks BIGINT NOT NULL DEFAULT 0 CHECK (asks >= 0),
    ADD COLUMN made_at BIGINT,
    ADD COLUMN content JSON;
UPDATE reports SET version = 1, made_at = updated_at WHERE scorer_version <> '';
UPDATE reports SET next_reason = 'requested' WHERE status = 'pending';

-- What a report was before it was made again.
CREATE TABLE report_versions (
    report_id      BINARY(16) NOT NULL,
    version        BIGINT NOT NULL CHECK (version >= 1),
    reason         VARCHAR(16) NOT NULL CHECK (reason IN ('completed', 'rubric_changed', 'requested')),
    overall_score  DOUBLE CHECK (overall_score BETWEEN 1 AND 5),
    summary        MEDIUMTEXT NOT NULL DEFAULT (''),
    questions      JSON NOT NULL DEFAULT ('[]'),
    content        JSON,
    scorer_version VARCHAR(255) NOT NULL DEFAULT '',
    made_at        BIGINT NOT NULL,
    PRIMARY KEY (report_id, version),
    CONSTRAINT report_versions_of_report FOREIGN KEY (report_id) REFERENCES reports (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A person's level for an answer, beside the machine's. Never changed: the last one of an answer counts; without a level it
-- takes back the one before. version, machine_score: what the person saw.
CREATE TABLE score_overrides (
    id            BINARY(16) NOT NULL PRIMARY KEY,
    report_id     BINARY(16) NOT NULL,
    response_id   BINARY(16) NOT NULL,
    author_id     BINARY(16),
    version       BIGINT NOT NULL CHECK (version >= 1),
    machine_score DOUBLE CHECK (machine_score BETWEEN 1 AND 5),
    level         DOUBLE CHECK (level BETWEEN 1 AND 5),
    reason        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    KEY score_overrides_report (report_id, id),
    KEY score_overrides_response (response_id, id),
    KEY score_overrides_author (author_id),
    CONSTRAINT score_overrides_of_report FOREIGN KEY (report_id) REFERENCES reports (id) ON DELETE CASCADE,
    CONSTRAINT score_overrides_of_response FOREIGN KEY (response_id) REFERENCES responses (id) ON DELETE CASCADE,
    CONSTRAINT score_overrides_of_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A person stands behind a version of a report, with what came of it. overall_score: as it was, people's levels included.
CREATE TABLE report_sign_offs (
    id            BINARY(16) NOT NULL PRIMARY KEY,
    report_id     BINARY(16) NOT NULL,
    version       BIGINT NOT NULL CHECK (version >= 1),
    author_id     BINARY(16),
    outcome       VARCHAR(16) NOT NULL CHECK (outcome IN ('none', 'advance', 'decline')),
    overall_score DOUBLE CHECK (overall_score BETWEEN 1 AND 5),
    created_at    BIGINT NOT NULL,
    withdrawn_at  BIGINT,
    KEY report_sign_offs_report (report_id, id),
    KEY report_sign_offs_author (author_id),
    CONSTRAINT report_sign_offs_of_report FOREIGN KEY (report_id) REFERENCES reports (id) ON DELETE CASCADE,
    CONSTRAINT report_sign_offs_of_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Links by which a report is read without an account. Only the hash of the secret part is kept.
CREATE TABLE report_shares (
    id           BINARY(16) NOT NULL PRIMARY KEY,
    report_id    BINARY(16) NOT NULL,
    created_by   BINARY(16),
    token_hash   BINARY(32) NOT NULL,
    hide_names   TINYINT NOT NULL DEFAULT 0 CHECK (hide_names IN (0, 1)),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    last_used_at BIGINT,
    UNIQUE KEY token_hash (token_hash),
    KEY report_shares_report (report_id, id),
    KEY report_shares_author (created_by),
    KEY report_shares_expiry (expires_at),
    CONSTRAINT report_shares_of_report FOREIGN KEY (report_id) REFERENCES reports (id) ON DELETE CASCADE,
    CONSTRAINT report_shares_of_author FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What candidates say of themselves of their own will, for figures over many. Nothing that scores reads it.
CREATE TABLE self_identifications (
    session_id BINARY(16) NOT NULL,
    category   VARCHAR(64) NOT NULL CHECK (category <> ''),
    value      VARCHAR(255) NOT NULL CHECK (value <> ''),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, category),
    CONSTRAINT self_identifications_of_session FOREIGN KEY (session_id) REFERENCES interview_sessions (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
