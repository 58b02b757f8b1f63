DELETE FROM accounts WHERE id = ANY($1)
;
DELETE FROM links WHERE expires_at < $1
;
DELETE FROM outbox WHERE position = ANY($1)
;
DELETE FROM two_factor_methods
;
DELETE FROM two_factor_methods WHERE login_id = $1 AND id = ANY($2)
;
INSERT INTO accounts (id, provider_id, name) SELECT a.id, $1, a.name FROM unnest($2::uuid[], $3::text[]) AS a (id, name)
;
INSERT INTO accounts (id, provider_id, name) VALUES ($1, $2, 'Demo household') ON CONFLICT DO NOTHING
;
INSERT INTO accounts (id, provider_id, name, external_id) SELECT a.id, $1, a.name, a.external_id FROM unnest($2::uuid[], $3::text[], $4::text[]) AS a (id, name, external_id)
ON CONFLICT (provider_id, external_id) WHERE external_id IS NOT NULL DO NOTHING
;
INSERT INTO activity (id, login_id, at, kind, attempt_id, correlation_id, by_kind, by_name, device_name, ip, detail)
VALUES ($1, $2, now() - $3 * interval '1 second', $4, $5, $6, 'self', 'watched', $7, '203.0.113.7', '{"reason":"test"}')
;
INSERT INTO links (token_hash, login_id, kind, expires_at) VALUES ($1, $2, $3, $4)
;
INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash)
SELECT $1, account_id, provider_id, $2, $2, 'customer', password_hash FROM logins WHERE login_name_key = 'member'
;
INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login_name_key) DO NOTHING RETURNING id
;
INSERT INTO logins (id, account_id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked, locale)
SELECT l.id, l.account_id, $1, l.login_name, l.key, l.role, l.hash, l.email, l.masked, l.locale
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
  AS l (id, account_id, login_name, key, role, hash, email, masked, locale)
ON CONFLICT (login_name_key) DO NOTHING RETURNING id
;
INSERT INTO logins (id, provider_id, login_name, login_name_key, role, password_hash, email_sealed, email_masked)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (login_name_key) DO NOTHING RETURNING id
;
INSERT INTO outbox (aggregate_id, message) VALUES ($1, $2)
;
INSERT INTO providers (id, name, policy, contact_name, contact_phone, contact_email) VALUES ($1, $2, $3, $4, $5, $6)
;
INSERT INTO providers (id, name, policy, contact_name, contact_phone, contact_email)
VALUES ($1, 'Demo Security', 'optional', 'Dana Dealer', '+14155550100', 'help@demo-security.example') ON CONFLICT DO NOTHING
;
INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint) VALUES ($1, $2, $3, $4, $5)
;
INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at)
SELECT m.id, m.login_id, 'sms', m.sealed, m.hint, true, now() FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS m (id, login_id, sealed, hint)
;
INSERT INTO two_factor_methods (id, login_id, kind, sealed_destination, hint, is_default, confirmed_at) VALUES ($1, $2, 'sms', $3, $4, true, now())
;
SELECT 1 FROM logins WHERE id = $1 FOR UPDATE
;
SELECT 1 FROM outbox
;
SELECT at, kind, login_name, attempt_id, correlation_id, by_kind, by_name, device_name, ip, detail
FROM activity LEFT JOIN logins ON logins.id = login_id WHERE (attempt_id = $1::uuid OR correlation_id = $1::uuid) AND at BETWEEN to_timestamp(('x0000' || substr(replace($1::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0) - interval '1 minute' AND to_timestamp(('x0000' || substr(replace($1::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0) + interval '1 day' ORDER BY at DESC, activity.id DESC LIMIT $2
;
SELECT at, kind, login_name, attempt_id, correlation_id, by_kind, by_name, device_name, ip, detail
FROM activity LEFT JOIN logins ON logins.id = login_id WHERE login_id = $1 ORDER BY at DESC, activity.id DESC LIMIT $2
;
SELECT id FROM logins
;
SELECT id FROM logins WHERE login_name_key = $1
;
SELECT id FROM logins WHERE login_name_key = 'locked'
;
SELECT id FROM logins WHERE login_name_key = 'watched'
;
SELECT id FROM two_factor_methods WHERE login_id = $1 AND kind = $2 AND confirmed_at IS NULL
;
SELECT id, external_id AS "externalId" FROM accounts WHERE provider_id = $1 AND external_id = ANY($2)
;
SELECT id, kind, sealed_destination AS "sealedDestination", hint, is_default AS "default", confirmed_at AS "confirmedAt" FROM two_factor_methods WHERE login_id = $1 AND id = $2
;
SELECT id, kind, sealed_destination AS "sealedDestination", hint, is_default AS "default", confirmed_at AS "confirmedAt" FROM two_factor_methods WHERE login_id = $1 ORDER BY is_default DESC, confirmed_at, created_at
;
SELECT id, login_name AS "loginName" FROM logins WHERE login_name_key = $1
;
SELECT id, name FROM providers WHERE $1::uuid IS NULL OR id = $1 ORDER BY name LIMIT 20
;
SELECT login_name FROM logins WHERE login_name IN ('weak', 'dеaler', 'other')
;
SELECT login_name FROM logins WHERE login_name_key = $1
;
SELECT login_name_key AS key, login_name AS "loginName", password_hash AS "passwordHash" FROM logins WHERE login_name_key = ANY($1)
;
SELECT logins.password_hash AS "passwordHash", json_build_object(
  'id', logins.id, 'loginName', login_name, 'role', role, 'providerId', provider_id, 'accountId', account_id, 'policy', policy,
  'provider', json_build_object('name', providers.name, 'brand', brand, 'contact', json_build_object('name', contact_name, 'phone', contact_phone, 'email', contact_email)),
  'email', CASE WHEN email_sealed IS NOT NULL THEN json_build_object('sealed', email_sealed, 'masked', email_masked) END,
  'locale', locale, 'newPasswordRequired', new_password_required, 'recoverySetId', recovery_set_id, 'trustEpoch', trust_epoch, 'sessionEpoch', session_epoch,
  'methods', coalesce((
    SELECT json_agg(json_build_object('id', m.id, 'kind', kind, 'sealedDestination', sealed_destination, 'hint', hint, 'default', is_default)
      ORDER BY is_default DESC, confirmed_at)
    FROM two_factor_methods m WHERE m.login_id = logins.id AND confirmed_at IS NOT NULL), '[]')
) AS login
FROM logins JOIN providers ON providers.id = provider_id WHERE login_name_key = $1
;
SELECT logins.password_hash AS "passwordHash", json_build_object(
  'id', logins.id, 'loginName', login_name, 'role', role, 'providerId', provider_id, 'accountId', account_id, 'policy', policy,
  'provider', json_build_object('name', providers.name, 'brand', brand, 'contact', json_build_object('name', contact_name, 'phone', contact_phone, 'email', contact_email)),
  'email', CASE WHEN email_sealed IS NOT NULL THEN json_build_object('sealed', email_sealed, 'masked', email_masked) END,
  'locale', locale, 'newPasswordRequired', new_password_required, 'recoverySetId', recovery_set_id, 'trustEpoch', trust_epoch, 'sessionEpoch', session_epoch,
  'methods', coalesce((
    SELECT json_agg(json_build_object('id', m.id, 'kind', kind, 'sealedDestination', sealed_destination, 'hint', hint, 'default', is_default)
      ORDER BY is_default DESC, confirmed_at)
    FROM two_factor_methods m WHERE m.login_id = logins.id AND confirmed_at IS NOT NULL), '[]')
) AS login
FROM logins JOIN providers ON providers.id = provider_id WHERE logins.id = $1
;
SELECT pg_advisory_xact_lock($1)
;
SELECT policy FROM providers WHERE id = $1
;
SELECT position, message FROM outbox AS head
WHERE NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.aggregate_id = head.aggregate_id AND earlier.position < head.position)
ORDER BY position LIMIT 100 FOR UPDATE SKIP LOCKED
;
SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'activity'::regclass AND relname ~ '^activity_[0-9]{6}$'
;
UPDATE logins SET password_hash = $3 WHERE id = $1 AND password_hash = $2
;
UPDATE logins SET recovery_set_id = $2 WHERE id = $1
;
UPDATE logins SET recovery_set_id = NULL WHERE id = $1
;
UPDATE logins SET session_epoch = $2 WHERE id = $1 AND session_epoch < $2
;
UPDATE logins SET session_epoch = session_epoch + 1, trust_epoch = trust_epoch + $2 WHERE id = $1
RETURNING trust_epoch AS "trustEpoch", session_epoch AS "sessionEpoch"
;
UPDATE two_factor_methods SET confirmed_at = $2, is_default = $3 WHERE id = $1
;
UPDATE two_factor_methods SET is_default = (id = $2) WHERE login_id = $1 AND confirmed_at IS NOT NULL
AND EXISTS (SELECT 1 FROM two_factor_methods WHERE login_id = $1 AND id = $2 AND confirmed_at IS NOT NULL)
;
UPDATE two_factor_methods SET is_default = true WHERE id = (
  SELECT id FROM two_factor_methods WHERE login_id = $1 AND confirmed_at IS NOT NULL ORDER BY confirmed_at LIMIT 1)
AND NOT EXISTS (SELECT 1 FROM two_factor_methods WHERE login_id = $1 AND is_default)
;
WITH lines AS (SELECT * FROM jsonb_to_recordset($1) AS line (
  id uuid, "loginId" uuid, at timestamptz, kind text, "attemptId" uuid, "correlationId" uuid, by jsonb, device jsonb, ip text, detail jsonb)),
seen AS (
  UPDATE logins SET last_login_at = latest.at
  FROM (SELECT "loginId", max(at) AS at FROM lines WHERE kind = 'signed_in' GROUP BY "loginId") latest
  WHERE logins.id = latest."loginId" AND (last_login_at IS NULL OR last_login_at < latest.at))
INSERT INTO activity (id, login_id, at, kind, attempt_id, correlation_id, by_kind, by_name, device_id, device_name, ip, detail)
SELECT id, "loginId", at, kind, "attemptId", "correlationId", by->>'kind', by->>'name', (device->>'id')::uuid, device->>'name', ip, detail FROM lines
ON CONFLICT (id, at) DO NOTHING
;
WITH moved AS (DELETE FROM activity_default WHERE at >= '2027-01-01T00:00:00.000Z' AND at < '2027-02-01T00:00:00.000Z' RETURNING *) INSERT INTO activity_default SELECT * FROM moved
;
