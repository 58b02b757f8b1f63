DELETE FROM browsers WHERE id = ANY($1::uuid[]) AND NOT EXISTS (SELECT 1 FROM devices WHERE browser_id = browsers.id)
;
DELETE FROM devices WHERE login_id = $1
;
DELETE FROM outbox WHERE position = ANY($1)
;
INSERT INTO outbox (aggregate_id, message) VALUES ($1, $2)
;
SELECT * FROM devices WHERE login_id = $1 AND (
  (trusted_until > $2 AND trust_epoch = $3) OR id IN (SELECT id FROM devices WHERE login_id = $1 ORDER BY last_seen_at DESC LIMIT 100)
) ORDER BY last_seen_at DESC, id DESC
;
SELECT * FROM devices WHERE login_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
;
SELECT id FROM browsers WHERE id IN (SELECT browser_id FROM devices WHERE login_id = $1) ORDER BY id FOR UPDATE
;
SELECT position, message FROM outbox AS head
WHERE NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.aggregate_id = head.aggregate_id AND earlier.position < head.position)
ORDER BY position LIMIT 100 FOR UPDATE SKIP LOCKED
;
SELECT secrets FROM browsers WHERE id = $1 FOR UPDATE
;
UPDATE browsers SET secrets = '[]' WHERE id = $1
;
UPDATE devices SET trust_epoch = $4 WHERE login_id = $1 AND id = $2 AND trust_epoch = $3 AND trusted_until > $5 AND $4 > $3::integer
;
UPDATE devices SET trusted_until = $2, trust_epoch = $3 WHERE id = ANY($1::uuid[])
;
UPDATE devices SET trusted_until = NULL, trust_epoch = NULL WHERE browser_id = $1 RETURNING id, name, login_id
;
UPDATE devices SET trusted_until = NULL, trust_epoch = NULL WHERE id = ANY($1::uuid[])
;
UPDATE devices SET trusted_until = NULL, trust_epoch = NULL
WHERE login_id = $1 AND trust_epoch < $2 AND NOT (id IS NOT DISTINCT FROM $3::uuid AND trust_epoch = $2 - 1)
;
WITH browser AS (
  INSERT INTO browsers (id, secrets, created_at) VALUES ($1, $2::jsonb, $3)
  ON CONFLICT (id) DO UPDATE SET secrets = EXCLUDED.secrets RETURNING id
)
INSERT INTO devices (id, browser_id, login_id, client, name, browser, os, first_seen_at, last_seen_at, last_ip, trusted_until, trust_epoch)
SELECT $4, browser.id, $5, $6, $7, $8, $9, $3, $3, $10, $11::timestamptz, $12::integer FROM browser
ON CONFLICT (login_id, browser_id) DO UPDATE SET
  name = EXCLUDED.name, browser = EXCLUDED.browser, os = EXCLUDED.os, last_seen_at = EXCLUDED.last_seen_at, last_ip = EXCLUDED.last_ip,
  trusted_until = CASE WHEN EXCLUDED.trusted_until IS NULL OR (devices.trust_epoch = $13 AND devices.trusted_until > $3)
                       THEN devices.trusted_until ELSE EXCLUDED.trusted_until END,
  trust_epoch = CASE WHEN EXCLUDED.trusted_until IS NULL OR (devices.trust_epoch = $13 AND devices.trusted_until > $3)
                     THEN devices.trust_epoch ELSE EXCLUDED.trust_epoch END
RETURNING *
;
WITH entered AS (
  UPDATE devices SET last_seen_at = $3, last_ip = $4, name = $5, browser = $6, os = $7
  WHERE login_id = $1 AND browser_id = $2 AND trusted_until > $3 AND trust_epoch = $8 RETURNING *
), rotated AS (
  UPDATE browsers SET secrets = $9::jsonb WHERE id = $2 AND EXISTS (SELECT 1 FROM entered)
) SELECT * FROM entered
;
