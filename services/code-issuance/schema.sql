-- What the migrations make; written by the tests, never by hand.

CREATE TABLE authenticators (
  method_id uuid NOT NULL,
  login_id uuid NOT NULL,
  sealed_secret text NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT authenticators_pkey PRIMARY KEY (method_id)
);
CREATE INDEX authenticators_login ON codes.authenticators USING btree (login_id);

CREATE TABLE recovery_codes (
  set_id uuid NOT NULL,
  code_hash text NOT NULL,
  login_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  used_by text,
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (set_id, code_hash)
);
CREATE INDEX recovery_codes_login ON codes.recovery_codes USING btree (login_id);
