-- What the migrations make; written by the tests, never by hand.

CREATE TABLE accounts (
  id uuid NOT NULL,
  provider_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  external_id text,
  CONSTRAINT accounts_pkey PRIMARY KEY (id),
  CONSTRAINT accounts_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id)
);
CREATE INDEX accounts_in_order ON auth.accounts USING btree (provider_id, created_at, id);
CREATE UNIQUE INDEX account_of_external_id ON auth.accounts USING btree (provider_id, external_id) WHERE (external_id IS NOT NULL);

CREATE TABLE activity (
  id uuid NOT NULL,
  login_id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  kind text NOT NULL,
  attempt_id uuid,
  correlation_id uuid NOT NULL,
  by_kind text NOT NULL,
  by_name text,
  device_id uuid,
  device_name text,
  ip text,
  detail jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT activity_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX activity_of_login ON ONLY auth.activity USING btree (login_id, at DESC, id DESC);
CREATE INDEX activity_of_story ON ONLY auth.activity USING btree (correlation_id, at);

CREATE TABLE activity_default PARTITION OF activity DEFAULT;

CREATE TABLE audit (
  id uuid NOT NULL,
  at timestamp with time zone NOT NULL,
  login_id uuid NOT NULL,
  login_name text NOT NULL,
  action text NOT NULL,
  target jsonb NOT NULL,
  CONSTRAINT audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_in_order ON auth.audit USING btree (at DESC);

CREATE TABLE links (
  token_hash text NOT NULL,
  login_id uuid NOT NULL,
  kind text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT links_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'new_password'::text, 'not_me'::text]))),
  CONSTRAINT links_login_id_fkey FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE,
  CONSTRAINT links_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX links_by_end ON auth.links USING btree (expires_at);
CREATE INDEX links_of_login ON auth.links USING btree (login_id, kind);

CREATE TABLE logins (
  id uuid NOT NULL,
  account_id uuid,
  provider_id uuid NOT NULL,
  login_name text NOT NULL,
  login_name_key text NOT NULL,
  role text NOT NULL,
  password_hash text,
  email_sealed text,
  email_masked text,
  locale text NOT NULL DEFAULT 'en'::text,
  trust_epoch integer NOT NULL DEFAULT 0,
  session_epoch integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  new_password_required boolean NOT NULL DEFAULT false,
  recovery_set_id uuid,
  last_login_at timestamp with time zone,
  CONSTRAINT logins_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT logins_check CHECK (((account_id IS NULL) = (role = ANY (ARRAY['provider_staff'::text, 'operator'::text])))),
  CONSTRAINT logins_login_name_key_key UNIQUE (login_name_key),
  CONSTRAINT logins_pkey PRIMARY KEY (id),
  CONSTRAINT logins_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(id),
  CONSTRAINT logins_role_check CHECK ((role = ANY (ARRAY['customer'::text, 'account_owner'::text, 'provider_staff'::text, 'operator'::text])))
);
CREATE INDEX logins_in_order ON auth.logins USING btree (provider_id, login_name_key);
CREATE INDEX logins_of_account ON auth.logins USING btree (account_id);

CREATE TABLE outbox (
  "position" bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  aggregate_id uuid NOT NULL,
  message jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outbox_pkey PRIMARY KEY ("position")
);

CREATE TABLE providers (
  id uuid NOT NULL,
  name text NOT NULL,
  policy text NOT NULL DEFAULT 'optional'::text,
  contact_name text,
  contact_phone text,
  contact_email text,
  brand jsonb NOT NULL DEFAULT '{}'::jsonb,
  logo text,
  CONSTRAINT providers_pkey PRIMARY KEY (id),
  CONSTRAINT providers_policy_check CHECK ((policy = ANY (ARRAY['optional'::text, 'suggested'::text, 'required'::text])))
);

CREATE TABLE two_factor_methods (
  id uuid NOT NULL,
  login_id uuid NOT NULL,
  kind text NOT NULL,
  sealed_destination text,
  hint text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  confirmed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT two_factor_methods_check CHECK (((sealed_destination IS NULL) = (kind = 'totp'::text))),
  CONSTRAINT two_factor_methods_check1 CHECK (((confirmed_at IS NOT NULL) OR (NOT is_default))),
  CONSTRAINT two_factor_methods_kind_check CHECK ((kind = ANY (ARRAY['sms'::text, 'email'::text, 'totp'::text]))),
  CONSTRAINT two_factor_methods_login_id_fkey FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE,
  CONSTRAINT two_factor_methods_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX confirmed_method_of_kind ON auth.two_factor_methods USING btree (login_id, kind) WHERE (confirmed_at IS NOT NULL);
CREATE UNIQUE INDEX waiting_method_of_kind ON auth.two_factor_methods USING btree (login_id, kind) WHERE (confirmed_at IS NULL);
