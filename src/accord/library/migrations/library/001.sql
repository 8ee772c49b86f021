-- A briefing has an address; each time it is published it gets a version, with files and tags.
CREATE TABLE briefing (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    latest INTEGER NOT NULL,
    withdrawn_at TEXT
);

CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    briefing_id INTEGER NOT NULL REFERENCES briefing (id),
    number INTEGER NOT NULL,
    published_at TEXT NOT NULL,
    author TEXT NOT NULL,
    shipped INTEGER NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (briefing_id, number)
);

CREATE TABLE tag (
    version_id INTEGER NOT NULL REFERENCES version (id),
    name TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (version_id, name)
) WITHOUT ROWID;

CREATE INDEX tag_by_name ON tag (name);

-- The bytes are in the folder `files`, under the digest of the content.
CREATE TABLE file (
    version_id INTEGER NOT NULL REFERENCES version (id),
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (version_id, format)
) WITHOUT ROWID;

CREATE INDEX file_by_digest ON file (sha256);

-- A row for the latest version of every briefing that is not withdrawn.
CREATE VIRTUAL TABLE search USING fts5 (
    title, summary, author, tags, body, tokenize = 'unicode61 remove_diacritics 2'
);
