-- What readers asked. The client is a keyed digest of an address, good for counting only.
CREATE TABLE enquiry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at TEXT NOT NULL,
    briefing TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    question TEXT NOT NULL,
    client TEXT NOT NULL
);

CREATE INDEX enquiry_by_day ON enquiry (asked_at);

CREATE TABLE secret (
    day TEXT PRIMARY KEY,
    key BLOB NOT NULL
) WITHOUT ROWID;
