-- The interviewer may follow up: after an answer that leaves a point of the rubric out it asks about that point, and the same
-- answer goes on.

-- How often after one question. Interviews that are there already stay as they were: their candidates are all asked alike.
ALTER TABLE interview_configs ADD COLUMN follow_ups INTEGER NOT NULL DEFAULT 0 CHECK (follow_ups BETWEEN 0 AND 2);

-- follow_up: the point that the interviewer asks about with it. typed: by the candidate, before a follow-up.
ALTER TABLE utterances ADD COLUMN follow_up TEXT;
ALTER TABLE utterances ADD COLUMN typed INTEGER NOT NULL DEFAULT 0 CHECK (typed IN (0, 1));
