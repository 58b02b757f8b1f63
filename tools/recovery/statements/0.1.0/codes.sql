DELETE FROM authenticators WHERE login_id = $1
;
DELETE FROM authenticators WHERE method_id = ANY($1::uuid[])
;
DELETE FROM recovery_codes WHERE login_id = $1
;
DELETE FROM recovery_codes WHERE set_id = ANY($1::uuid[])
;
INSERT INTO authenticators (method_id, login_id, sealed_secret, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (method_id) DO UPDATE SET sealed_secret = EXCLUDED.sealed_secret, created_at = EXCLUDED.created_at
WHERE authenticators.login_id = EXCLUDED.login_id AND authenticators.last_step = 0
RETURNING method_id
;
INSERT INTO recovery_codes (set_id, code_hash, login_id, created_at) SELECT $1, unnest($2::text[]), $3, $4
;
SELECT 1
;
SELECT 1 FROM recovery_codes WHERE set_id = $2 AND (login_id <> $1 OR used_at IS NOT NULL) LIMIT 1
;
SELECT count(*)::integer AS codes FROM recovery_codes WHERE set_id = $1 AND login_id = $2 AND used_at IS NULL
;
SELECT pg_advisory_xact_lock(hashtextextended($1, 0))
;
SELECT sealed_secret FROM authenticators WHERE method_id = $1
;
SELECT sealed_secret FROM authenticators WHERE method_id = $1 AND login_id = $2
;
UPDATE authenticators SET last_step = $2 WHERE method_id = $1 AND last_step < $2
;
UPDATE recovery_codes SET used_at = $4, used_by = $5
WHERE set_id = $1 AND login_id = $2 AND code_hash = $3 AND (used_at IS NULL OR (used_by = $5 AND $5 <> ''))
;
