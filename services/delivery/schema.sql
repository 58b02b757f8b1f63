-- What the migrations make; written by the tests, never by hand.

CREATE TABLE deliveries (
  message_id uuid NOT NULL,
  attempt_id uuid NOT NULL,
  login_id uuid NOT NULL,
  method_id uuid NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  masked_destination text NOT NULL,
  state text NOT NULL,
  provider text NOT NULL,
  provider_message_id text,
  asks integer NOT NULL DEFAULT 1,
  unknowns integer NOT NULL DEFAULT 0,
  unknown_at timestamp with time zone,
  failure text,
  queued_at timestamp with time zone NOT NULL,
  asked_at timestamp with time zone NOT NULL,
  settled_at timestamp with time zone,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT deliveries_pkey PRIMARY KEY (message_id),
  CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['asking'::text, 'retrying'::text, 'accepted'::text, 'delivered'::text, 'failed'::text, 'expired'::text])))
);
CREATE INDEX deliveries_attempt ON delivery.deliveries USING btree (attempt_id, queued_at);
