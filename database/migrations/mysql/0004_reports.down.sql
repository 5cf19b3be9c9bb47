DROP TABLE self_identifications;
DROP TABLE report_shares;
DROP TABLE report_sign_offs;
DROP TABLE score_overrides;
DROP TABLE report_versions;
ALTER TABLE reports
    DROP COLUMN content,
    DROP COLUMN made_at,
    DROP COLUMN asks,
    DROP COLUMN next_reason,
    DROP COLUMN reason,
    DROP COLUMN version;
DROP TABLE interview_competencies;
ALTER TABLE responses DROP COLUMN competency;
ALTER TABLE questions DROP COLUMN competency;
ALTER TABLE jobs
    DROP KEY jobs_order,
    DROP COLUMN priority;
