-- What the migrations make; written by the tests, never by hand.

CREATE TABLE authenticators (
  method_id uuid NOT NULL,
  login_id uuid NOT NULL,
  sealed_secret text NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT authenticators_pkey PRIMARY KEY (method_id)
);
