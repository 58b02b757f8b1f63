-- What the migrations make; written by the tests, never by hand.

CREATE TABLE deliveries (
  message_id uuid NOT NULL,
  queued_at timestamp with time zone NOT NULL,
  attempt_id uuid,
  login_id uuid NOT NULL,
  method_id uuid,
  channel text NOT NULL,
  purpose text NOT NULL,
  masked_destination text NOT NULL,
  country text,
  segments integer,
  state text NOT NULL,
  provider text NOT NULL,
  provider_message_id text,
  earlier jsonb,
  asks integer NOT NULL DEFAULT 1,
  unknowns integer NOT NULL DEFAULT 0,
  cost_micros bigint,
  failure text,
  asked_at timestamp with time zone NOT NULL,
  unknown_at timestamp with time zone,
  accepted_at timestamp with time zone,
  suggested_at timestamp with time zone,
  settled_at timestamp with time zone,
  used_at timestamp with time zone,
  expires_at timestamp with time zone NOT NULL,
  receipt_key text,
  due_at timestamp with time zone,
  kept_message jsonb,
  CONSTRAINT deliveries_kept_only_while_due CHECK (((kept_message IS NULL) OR (due_at IS NOT NULL))),
  CONSTRAINT deliveries_pkey PRIMARY KEY (message_id, queued_at),
  CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['asking'::text, 'retrying'::text, 'accepted'::text, 'delivered'::text, 'failed'::text, 'expired'::text])))
) PARTITION BY RANGE (queued_at);
CREATE INDEX deliveries_attempt ON ONLY delivery.deliveries USING btree (attempt_id);
CREATE INDEX deliveries_due ON ONLY delivery.deliveries USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX deliveries_earlier ON ONLY delivery.deliveries USING gin (earlier jsonb_path_ops) WHERE (earlier IS NOT NULL);
CREATE INDEX deliveries_of_login ON ONLY delivery.deliveries USING btree (login_id, queued_at DESC);
CREATE INDEX deliveries_receipt ON ONLY delivery.deliveries USING btree (receipt_key) WHERE (receipt_key IS NOT NULL);

CREATE TABLE deliveries_default PARTITION OF deliveries DEFAULT;

CREATE TABLE early_receipts (
  receipt_key text NOT NULL,
  outcome text NOT NULL,
  reason text,
  received_at timestamp with time zone NOT NULL,
  CONSTRAINT early_receipts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text]))),
  CONSTRAINT early_receipts_pkey PRIMARY KEY (receipt_key)
);

CREATE TABLE provider_states (
  worker text NOT NULL,
  provider text NOT NULL,
  channels text[] NOT NULL,
  circuit text NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT provider_states_circuit_check CHECK ((circuit = ANY (ARRAY['closed'::text, 'half_open'::text, 'open'::text]))),
  CONSTRAINT provider_states_pkey PRIMARY KEY (worker, provider)
);

CREATE TABLE switched_off (
  kind text NOT NULL,
  name text NOT NULL,
  since timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT switched_off_kind_check CHECK ((kind = ANY (ARRAY['provider'::text, 'channel'::text, 'worker'::text]))),
  CONSTRAINT switched_off_pkey PRIMARY KEY (kind, name)
);

CREATE TABLE workers (
  worker text NOT NULL,
  channels text[] NOT NULL,
  in_flight integer NOT NULL,
  started_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT workers_pkey PRIMARY KEY (worker)
);
