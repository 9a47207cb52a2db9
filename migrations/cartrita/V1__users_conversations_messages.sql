-- Version 1: what the application was before it had vectors. All that follows is version 2.
--
-- A database that has a version 1 of its own is taken over by `gangway baseline 1`: nothing of version 2 refers to these
-- tables, so theirs may have other columns.
-- gangway: type=schema
-- gangway: risk=low

CREATE TABLE users (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email        text NOT NULL,
    display_name text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);

-- One account for an address, however it is written.
CREATE UNIQUE INDEX idx_users_email ON users (lower(email));

CREATE TABLE conversations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL
        CONSTRAINT fk_conversations_user REFERENCES users (id) ON DELETE CASCADE,
    title      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- A user's conversations, the latest first.
CREATE INDEX idx_conversations_user_id ON conversations (user_id, updated_at DESC);

CREATE TABLE messages (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL
        CONSTRAINT fk_messages_conversation REFERENCES conversations (id) ON DELETE CASCADE,
    role            text NOT NULL
        CONSTRAINT messages_role_known CHECK (role IN ('system', 'user', 'assistant', 'tool')),
    content         text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now()
);

-- A conversation in its order.
CREATE INDEX idx_messages_conversation_id ON messages (conversation_id, created_at);
