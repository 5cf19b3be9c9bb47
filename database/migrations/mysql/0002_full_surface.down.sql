DROP TABLE audit_log;
DROP TABLE settings;
DELETE FROM candidates WHERE id IN (SELECT candidate_id FROM interview_sessions WHERE preview = 1);
ALTER TABLE interview_sessions
    DROP KEY interview_sessions_kept,
    DROP KEY interview_sessions_moved,
    DROP KEY interview_sessions_created,
    DROP KEY interview_sessions_completed,
    DROP KEY interview_sessions_started,
    DROP COLUMN recordings_erased_at,
    DROP COLUMN own_token_hash,
    DROP COLUMN preview;
ALTER TABLE reports
    DROP KEY reports_moved,
    DROP KEY reports_score;
ALTER TABLE responses DROP COLUMN score;
DROP TABLE session_notes;
DROP TABLE resumes;
ALTER TABLE candidates
    DROP KEY candidates_name,
    DROP KEY candidates_email,
    DROP KEY candidates_interview,
    DROP COLUMN updated_at;
DROP TABLE interview_reviewers;
ALTER TABLE questions ADD COLUMN points JSON NOT NULL DEFAULT ('[]');
SET SESSION group_concat_max_len = 1000000;
UPDATE questions SET points = COALESCE((SELECT CONCAT('[', GROUP_CONCAT(JSON_QUOTE(p.text) ORDER BY p.position), ']')
    FROM rubric_points p WHERE p.question_id = questions.id), '[]');
DROP TABLE rubric_points;
ALTER TABLE interview_configs
    DROP KEY interview_configs_difficulty,
    DROP KEY interview_configs_type,
    DROP KEY interview_configs_title,
    DROP KEY interview_configs_updated,
    DROP KEY interview_configs_archived,
    DROP COLUMN archived_at,
    DROP COLUMN max_sessions,
    DROP COLUMN expires_at;
DROP TABLE account_links;
ALTER TABLE refresh_tokens ADD COLUMN revoked_at BIGINT;
UPDATE refresh_tokens SET revoked_at = (SELECT l.revoked_at FROM logins l WHERE l.id = refresh_tokens.family_id);
DROP TABLE logins;
ALTER TABLE users
    DROP KEY users_last_login,
    DROP KEY users_name,
    DROP KEY users_active,
    DROP KEY users_role,
    DROP COLUMN last_login_at;
