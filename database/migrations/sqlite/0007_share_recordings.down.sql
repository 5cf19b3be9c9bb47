ALTER TABLE report_shares DROP COLUMN recordings;
