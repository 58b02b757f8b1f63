-- One role and one schema for each service that keeps something, in the database this is run in. A role sees its own
-- schema and nothing else. Can be run again at any time. Passwords are not here: whoever runs this sets them afterwards
-- (ALTER ROLE … PASSWORD), and until then none of the roles can log in.
DO $$
DECLARE
  owner text;
  role_name text;
BEGIN
  -- Two of these at the same time would both find a role missing; roles belong to the whole server.
  PERFORM pg_advisory_xact_lock(hashtext('latchkey roles'));

  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  REVOKE ALL ON SCHEMA public FROM PUBLIC;

  FOREACH owner IN ARRAY ARRAY['auth', 'codes', 'delivery', 'devices'] LOOP
    role_name := 'latchkey_' || owner;

    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', role_name);
    END IF;

    -- An administrator who is no superuser (managed Postgres) may give a schema only to a role that it belongs to.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
    END IF;

    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', owner, role_name);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', owner);
    EXECUTE format('ALTER ROLE %I SET search_path = %I', role_name, owner);
  END LOOP;
END
$$;
