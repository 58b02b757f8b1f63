-- What the migrations make; written by the tests, never by hand.

CREATE TABLE browsers (
  id uuid NOT NULL,
  secrets jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT browsers_pkey PRIMARY KEY (id)
);

CREATE TABLE devices (
  id uuid NOT NULL,
  browser_id uuid NOT NULL,
  login_id uuid NOT NULL,
  client text NOT NULL,
  name text NOT NULL,
  browser text,
  os text,
  first_seen_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone NOT NULL,
  last_ip text NOT NULL,
  trusted_until timestamp with time zone,
  trust_epoch integer,
  CONSTRAINT devices_browser_id_fkey FOREIGN KEY (browser_id) REFERENCES browsers(id),
  CONSTRAINT devices_login_id_browser_id_key UNIQUE (login_id, browser_id),
  CONSTRAINT devices_pkey PRIMARY KEY (id)
);
CREATE INDEX devices_browser ON devices.devices USING btree (browser_id);

CREATE TABLE outbox (
  "position" bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  aggregate_id uuid NOT NULL,
  message jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outbox_pkey PRIMARY KEY ("position")
);

CREATE TABLE trust_epochs (
  login_id uuid NOT NULL,
  trust_epoch integer NOT NULL,
  CONSTRAINT trust_epochs_pkey PRIMARY KEY (login_id)
);
