-- Money is whole fen, an instant is Unix seconds.
CREATE TABLE IF NOT EXISTS payment (
    out_trade_no   TEXT PRIMARY KEY,
    transaction_id TEXT UNIQUE,
    trade_type     TEXT NOT NULL,
    description    TEXT NOT NULL,
    attach         TEXT NOT NULL DEFAULT '',
    total          INTEGER NOT NULL CHECK (total > 0),
    notify_url     TEXT NOT NULL DEFAULT '',
    openid         TEXT NOT NULL DEFAULT '',
    request        TEXT NOT NULL DEFAULT '',  -- canonical JSON of the first call
    state          TEXT NOT NULL CHECK (state IN ('NOTPAY', 'SUCCESS', 'CLOSED')),
    created_at     REAL NOT NULL,
    expire_at      REAL NOT NULL,
    paid_at        REAL,
    closed_at      REAL,
    due_at         REAL,                      -- when a delayed payment happens
    is_in_flight   INTEGER NOT NULL DEFAULT 0 -- paid by the user, not yet known to the merchant's side
);
CREATE INDEX IF NOT EXISTS payment_created ON payment (created_at);
CREATE INDEX IF NOT EXISTS payment_paid ON payment (paid_at);
CREATE INDEX IF NOT EXISTS payment_due ON payment (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS prepay (
    token        TEXT PRIMARY KEY,
    out_trade_no TEXT NOT NULL,
    valid_until  REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS refund (
    out_refund_no TEXT PRIMARY KEY,
    refund_id     TEXT NOT NULL UNIQUE,
    out_trade_no  TEXT NOT NULL,
    amount        INTEGER NOT NULL CHECK (amount > 0),
    reason        TEXT NOT NULL DEFAULT '',
    notify_url    TEXT NOT NULL DEFAULT '',
    request       TEXT NOT NULL DEFAULT '',
    status        TEXT NOT NULL CHECK (status IN ('PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL')),
    outcome       TEXT NOT NULL,              -- what it becomes at settle_at
    created_at    REAL NOT NULL,
    settle_at     REAL,
    success_at    REAL
);
CREATE INDEX IF NOT EXISTS refund_payment ON refund (out_trade_no);
CREATE INDEX IF NOT EXISTS refund_created ON refund (created_at);
CREATE INDEX IF NOT EXISTS refund_settle ON refund (settle_at) WHERE settle_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS notice (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,              -- transaction | refund
    event_type    TEXT NOT NULL,
    summary       TEXT NOT NULL,
    out_trade_no  TEXT NOT NULL,
    out_refund_no TEXT NOT NULL DEFAULT '',
    url           TEXT NOT NULL,
    resource      TEXT NOT NULL,              -- the object before encryption
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'accepted', 'given_up', 'withheld')),
    created_at    REAL NOT NULL,
    next_at       REAL
);
CREATE INDEX IF NOT EXISTS notice_payment ON notice (out_trade_no);
CREATE INDEX IF NOT EXISTS notice_next ON notice (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS attempt (
    id        INTEGER PRIMARY KEY,
    notice_id TEXT NOT NULL,
    number    INTEGER NOT NULL,               -- place in the retry schedule, 0 when sent by hand
    at        REAL NOT NULL,
    status    INTEGER,                        -- the shop's HTTP status; NULL when there was no answer
    error     TEXT NOT NULL DEFAULT '',
    faults    TEXT NOT NULL DEFAULT '',
    millis    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS attempt_notice ON attempt (notice_id);

CREATE TABLE IF NOT EXISTS message (
    id         INTEGER PRIMARY KEY,
    phone      TEXT NOT NULL,
    sign_name  TEXT NOT NULL,
    template   TEXT NOT NULL,
    parameters TEXT NOT NULL,
    code       TEXT NOT NULL DEFAULT '',
    text       TEXT NOT NULL,
    biz_id     TEXT NOT NULL,
    out_id     TEXT NOT NULL DEFAULT '',
    at         REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS message_phone ON message (phone);

CREATE TABLE IF NOT EXISTS fault (
    id        INTEGER PRIMARY KEY,
    fault     TEXT NOT NULL,
    scope     TEXT NOT NULL,
    operation TEXT NOT NULL DEFAULT '',
    value     TEXT NOT NULL DEFAULT '',
    remaining INTEGER,                        -- NULL: until it is cleared
    UNIQUE (fault, scope, operation)
);

CREATE TABLE IF NOT EXISTS nonce (
    nonce TEXT PRIMARY KEY,
    at    REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS nonce_at ON nonce (at);

CREATE TABLE IF NOT EXISTS bill_file (
    token      TEXT PRIMARY KEY,
    content    BLOB NOT NULL,
    created_at REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- WeChat people, official account and mini-program
CREATE TABLE IF NOT EXISTS person (
    name       TEXT PRIMARY KEY,
    nickname   TEXT NOT NULL,
    phone      TEXT NOT NULL,
    unionid    TEXT NOT NULL UNIQUE,
    oa_openid  TEXT NOT NULL UNIQUE,
    mp_openid  TEXT NOT NULL UNIQUE,
    follows    INTEGER NOT NULL,               -- of the official account
    seen_mp_at REAL NOT NULL DEFAULT 0,        -- when they last opened the mini-program
    created_at REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS weixin_code (
    code            TEXT PRIMARY KEY,
    person          TEXT NOT NULL,
    app             TEXT NOT NULL,
    scope           TEXT NOT NULL,
    is_snapshotuser INTEGER NOT NULL DEFAULT 0,
    valid_until     REAL NOT NULL,
    used_at         REAL
);

CREATE TABLE IF NOT EXISTS weixin_token (
    token       TEXT PRIMARY KEY,
    app         TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('ordinary', 'stable', 'web', 'refresh', 'ticket')),
    made_at     REAL NOT NULL,
    valid_until REAL NOT NULL,
    is_forced   INTEGER NOT NULL DEFAULT 0,
    openid      TEXT NOT NULL DEFAULT '',
    person      TEXT NOT NULL DEFAULT '',
    scope       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS weixin_token_valid ON weixin_token (valid_until);

CREATE TABLE IF NOT EXISTS weixin_quota (
    app   TEXT NOT NULL,
    call  TEXT NOT NULL,
    day   TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (app, call, day)
);

CREATE TABLE IF NOT EXISTS weixin_limit (
    call  TEXT PRIMARY KEY,
    daily INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS weixin_template (
    template_id TEXT PRIMARY KEY,
    app         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    fields      TEXT NOT NULL                  -- keyword -> label
);

CREATE TABLE IF NOT EXISTS weixin_consent (     -- how many subscribe messages a person will still take
    person      TEXT NOT NULL,
    app         TEXT NOT NULL,
    template_id TEXT NOT NULL,                 -- '*' for all
    remaining   INTEGER,                       -- NULL: for ever
    PRIMARY KEY (person, app, template_id)
);

CREATE TABLE IF NOT EXISTS weixin_message (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,               -- template | subscribe | bizsend
    app           TEXT NOT NULL,
    person        TEXT NOT NULL,
    openid        TEXT NOT NULL,
    template_id   TEXT NOT NULL,
    title         TEXT NOT NULL DEFAULT '',
    target        TEXT NOT NULL DEFAULT '',    -- the address or page a tap opens
    data          TEXT NOT NULL,
    client_msg_id TEXT NOT NULL DEFAULT '',
    errcode       INTEGER NOT NULL DEFAULT 0,  -- why it was refused
    is_read       INTEGER NOT NULL DEFAULT 0,
    at            REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS weixin_message_person ON weixin_message (person);

CREATE TABLE IF NOT EXISTS weixin_shipping (
    out_trade_no TEXT PRIMARY KEY,
    content      TEXT NOT NULL,                -- the last accepted call
    is_finished  INTEGER NOT NULL,             -- everything was delivered
    is_reshipped INTEGER NOT NULL DEFAULT 0,
    is_received  INTEGER NOT NULL DEFAULT 0,
    upload_time  REAL NOT NULL,
    at           REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS weixin_push (
    id       INTEGER PRIMARY KEY,
    app      TEXT NOT NULL,
    person   TEXT NOT NULL,
    event    TEXT NOT NULL,
    content  TEXT NOT NULL,                    -- the XML before encryption
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'given_up')),
    tries    INTEGER NOT NULL DEFAULT 0,
    status   INTEGER,                          -- of the last answer
    answer   TEXT NOT NULL DEFAULT '',
    at       REAL NOT NULL,
    next_at  REAL
);
CREATE INDEX IF NOT EXISTS weixin_push_next ON weixin_push (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS weixin_share (
    id       INTEGER PRIMARY KEY,
    sender   TEXT NOT NULL,
    receiver TEXT NOT NULL,                    -- '' is the sender's moments
    title    TEXT NOT NULL,
    text     TEXT NOT NULL,
    picture  TEXT NOT NULL,
    link     TEXT NOT NULL,
    is_read  INTEGER NOT NULL DEFAULT 0,
    at       REAL NOT NULL
);

-- Another platform that sells the shop's goods: how it signs, and what it was told.
CREATE TABLE IF NOT EXISTS platform_account (
    id     INTEGER PRIMARY KEY,
    code   TEXT NOT NULL,
    secret TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS platform_stock (
    code     TEXT PRIMARY KEY,
    quantity INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    at       REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS rival_goods (        -- pages of the competitor's shop
    code         TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    price        INTEGER NOT NULL,             -- fen
    promotion    TEXT NOT NULL,
    rating       TEXT NOT NULL,
    review_count INTEGER NOT NULL,
    layout       TEXT NOT NULL                 -- json, plain, broken, moved, huge, slow
);
