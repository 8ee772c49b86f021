-- A page that was withdrawn says why, and readers ask for the newest first.
ALTER TABLE briefing ADD COLUMN withdrawn_for TEXT NOT NULL DEFAULT '';

CREATE INDEX version_by_day ON version (published_at);
