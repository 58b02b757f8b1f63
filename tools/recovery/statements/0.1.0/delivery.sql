DELETE FROM deliveries_default WHERE greatest(queued_at, asked_at) < $1
;
DELETE FROM early_receipts WHERE receipt_key = $1
;
DELETE FROM provider_states WHERE worker = $1
;
INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at, settled_at, provider, state, failure, asks)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, 0)
ON CONFLICT (message_id, queued_at) DO UPDATE SET
  asks = deliveries.asks - (deliveries.state = 'asking' AND $16)::int,
  unknowns = deliveries.unknowns + (deliveries.state = 'asking' AND NOT $16)::int,
  unknown_at = CASE WHEN deliveries.state = 'asking' AND NOT $16 THEN EXCLUDED.settled_at ELSE deliveries.unknown_at END,
  failure = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN coalesce(EXCLUDED.failure, deliveries.failure) ELSE deliveries.failure END,
  settled_at = coalesce(deliveries.settled_at, CASE WHEN deliveries.state <> 'accepted' THEN EXCLUDED.settled_at END),
  due_at = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN NULL ELSE deliveries.due_at END,
  kept_message = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN NULL ELSE deliveries.kept_message END,
  state = CASE WHEN deliveries.state IN ('asking', 'retrying') THEN EXCLUDED.state ELSE deliveries.state END
RETURNING state, coalesce(settled_at, accepted_at) AS at, unknown_at IS NOT DISTINCT FROM $12::timestamptz AS crashed
;
INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at, suggested_at, provider, state, asks)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, 'retrying', 0)
ON CONFLICT (message_id, queued_at) DO UPDATE SET suggested_at = EXCLUDED.suggested_at WHERE deliveries.state = 'retrying' AND deliveries.suggested_at IS NULL
RETURNING accepted_at AS "acceptedAt", unknown_at AS "unknownAt"
;
INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asked_at, expires_at)
VALUES ($1, $6, $2, $2, $2, 'sms', 'login', '•', $3, 'sns', $4, $5)
;
INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, state, provider, asked_at, expires_at, due_at, kept_message)
VALUES ($1, $2, $1, $1, $1, 'sms', 'login', '•', $3, 'sns', $2, $2, $4, CASE WHEN $4::timestamptz IS NULL THEN NULL ELSE '{}'::jsonb END)
;
INSERT INTO early_receipts (receipt_key, outcome, reason, received_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (receipt_key) DO UPDATE SET outcome = EXCLUDED.outcome, reason = EXCLUDED.reason WHERE early_receipts.outcome <> 'delivered'
;
SELECT 1
;
SELECT count(*) FROM deliveries
;
SELECT count(*) FROM deliveries_default
;
SELECT message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage" FROM deliveries WHERE (receipt_key = $1 OR earlier @> $2::jsonb) AND queued_at BETWEEN $3 AND $4 LIMIT 1
;
SELECT method_id, state, queued_at, unknown_at, accepted_at, suggested_at, settled_at FROM deliveries
WHERE attempt_id = $1 AND queued_at BETWEEN $2 AND $3 ORDER BY queued_at LIMIT 50
;
SELECT pg_advisory_xact_lock($1)
;
SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'deliveries'::regclass AND relname ~ '^deliveries_[0-9]{8}$'
;
SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'deliveries'::regclass ORDER BY 1
;
SELECT state, provider, earlier FROM deliveries WHERE message_id = $1 AND queued_at = $2
;
SELECT worker, provider, channels, circuit, changed_at FROM provider_states WHERE seen_at > $1 ORDER BY provider, worker
;
UPDATE deliveries SET cost_micros = CASE WHEN $3::bigint IS NULL THEN cost_micros ELSE coalesce(cost_micros, 0) + $3 END,
  (state, provider, provider_message_id, accepted_at, settled_at, failure, receipt_key, due_at, kept_message) = (
    SELECT state, provider, provider_message_id, accepted_at, settled_at, failure, receipt_key, due_at, kept_message WHERE state IN ('accepted', 'delivered')
    UNION ALL SELECT 'accepted', $4, $5, $6::timestamptz, NULL, NULL, $7, CASE WHEN used_at IS NULL THEN $8::timestamptz END, CASE WHEN used_at IS NULL THEN $9::jsonb END
    WHERE state NOT IN ('accepted', 'delivered'))
WHERE message_id = $1 AND queued_at = $2 RETURNING state, suggested_at
;
UPDATE deliveries SET due_at = $4, kept_message = CASE WHEN $5 THEN kept_message END WHERE message_id = $1 AND queued_at = $2 AND state = $3 AND due_at IS NOT NULL
;
UPDATE deliveries SET due_at = $5 WHERE queued_at BETWEEN $2 AND $3 AND (message_id, queued_at) IN (
       SELECT message_id, queued_at FROM deliveries WHERE due_at <= $1 AND queued_at BETWEEN $2 AND $3 AND channel = ANY($4) ORDER BY due_at LIMIT $6 FOR UPDATE SKIP LOCKED)
     RETURNING message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage"
;
UPDATE deliveries SET due_at = NULL, kept_message = NULL WHERE due_at < $1
;
UPDATE deliveries SET failure = $4, earlier = CASE WHEN $5::jsonb IS NULL THEN earlier ELSE coalesce(earlier, '[]') || $5::jsonb END,
  unknowns = unknowns + $6, unknown_at = CASE WHEN $6 = 1 THEN $7::timestamptz ELSE unknown_at END,
  state = CASE WHEN $3 = 'retrying' AND used_at IS NOT NULL THEN 'expired' ELSE $3 END, settled_at = CASE WHEN $3 = 'failed' OR used_at IS NOT NULL THEN $7::timestamptz END,
  due_at = CASE WHEN used_at IS NULL THEN $8::timestamptz END
WHERE message_id = $1 AND queued_at = $2 AND state = 'asking'
;
UPDATE deliveries SET provider = $4, asks = asks + 1, asked_at = $5, failure = $6, earlier = coalesce(earlier, '[]') || $7::jsonb
WHERE message_id = $1 AND queued_at = $2 AND state = 'asking' AND asked_at = $3
;
UPDATE deliveries SET state = 'delivered', settled_at = $5, failure = NULL, due_at = NULL, kept_message = NULL WHERE (receipt_key = $1 OR earlier @> $2::jsonb) AND queued_at BETWEEN $3 AND $4 AND state <> 'delivered' RETURNING message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage"
;
UPDATE deliveries SET state = 'failed', settled_at = $4, failure = $5, due_at = NULL, kept_message = NULL
     WHERE message_id = $1 AND queued_at = $2 AND state = 'accepted' AND receipt_key = $3 RETURNING message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage"
;
UPDATE deliveries SET state = 'retrying', earlier = coalesce(earlier, '[]') || $4::jsonb, failure = $5, receipt_key = NULL, due_at = $6
     WHERE message_id = $1 AND queued_at = $2 AND state = 'accepted' AND receipt_key = $3 AND kept_message IS NOT NULL AND used_at IS NULL RETURNING message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage"
;
UPDATE deliveries SET suggested_at = $4 WHERE message_id = $1 AND queued_at = $2 AND state = $3 AND suggested_at IS NULL AND due_at IS NOT NULL RETURNING message_id AS "messageId", queued_at AS "queuedAt", attempt_id AS "attemptId", login_id AS "loginId", method_id AS "methodId", channel, country, state, provider, earlier,
receipt_key AS "receiptKey", accepted_at AS "acceptedAt", unknown_at AS "unknownAt", suggested_at AS "suggestedAt", expires_at AS "expiresAt", kept_message AS "keptMessage"
;
UPDATE deliveries SET used_at = coalesce(used_at, $4), due_at = NULL, kept_message = NULL, settled_at = CASE WHEN state = 'retrying' THEN $4 ELSE settled_at END,
  failure = CASE WHEN state = 'retrying' THEN 'the code was used' ELSE failure END, state = CASE WHEN state = 'retrying' THEN 'expired' ELSE state END
WHERE attempt_id = $1 AND queued_at BETWEEN $2 AND $3
;
WITH before AS (SELECT state, coalesce(settled_at, accepted_at) AS at FROM deliveries WHERE message_id = $1 AND queued_at = $2), begun AS (
  INSERT INTO deliveries (message_id, queued_at, attempt_id, login_id, method_id, channel, purpose, masked_destination, country, segments, expires_at, asked_at, provider, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'asking')
  ON CONFLICT (message_id, queued_at) DO UPDATE SET
    asks = deliveries.asks + 1,
    unknowns = deliveries.unknowns + (deliveries.state = 'asking')::int,
    unknown_at = CASE WHEN deliveries.state = 'asking' THEN EXCLUDED.asked_at ELSE deliveries.unknown_at END,
    earlier = CASE WHEN deliveries.state = 'asking' THEN coalesce(deliveries.earlier, '[]') || jsonb_build_object('provider', deliveries.provider, 'outcome', 'unknown', 'reason', 'crashed', 'at', EXCLUDED.asked_at) ELSE deliveries.earlier END,
    asked_at = EXCLUDED.asked_at,
    provider = EXCLUDED.provider,
    due_at = NULL,
    kept_message = NULL,
    state = 'asking'
  WHERE deliveries.state = 'retrying' OR (deliveries.state = 'asking' AND ($14 OR deliveries.asked_at < $15))
  RETURNING unknown_at
)
SELECT before.state, before.at, EXISTS (SELECT 1 FROM begun) AS begun, (SELECT unknown_at FROM begun) = $12 AS crashed
FROM (VALUES (1)) AS one LEFT JOIN before ON true
;
WITH dropped AS (DELETE FROM early_receipts WHERE received_at < $1)
SELECT early.* FROM early_receipts AS early
  CROSS JOIN LATERAL (SELECT FROM deliveries WHERE receipt_key = early.receipt_key AND queued_at BETWEEN $2 AND $3 LIMIT 1) AS known
WHERE received_at >= $1 LIMIT $4
;
WITH gone AS (DELETE FROM provider_states WHERE seen_at < now() - interval '1 hour')
INSERT INTO provider_states (worker, provider, channels, circuit, changed_at, seen_at)
SELECT $1, state->>'provider', ARRAY(SELECT jsonb_array_elements_text(state->'channels')), state->>'circuit', now(), now() FROM jsonb_array_elements($2::jsonb) AS state
ON CONFLICT (worker, provider) DO UPDATE SET channels = EXCLUDED.channels, circuit = EXCLUDED.circuit, seen_at = EXCLUDED.seen_at,
  changed_at = CASE WHEN provider_states.circuit = EXCLUDED.circuit THEN provider_states.changed_at ELSE EXCLUDED.changed_at END
;
WITH moved AS (DELETE FROM deliveries_default WHERE queued_at >= '2026-12-01T00:00:00.000Z' AND queued_at < '2026-12-02T00:00:00.000Z' RETURNING *) INSERT INTO deliveries_default SELECT * FROM moved
;
