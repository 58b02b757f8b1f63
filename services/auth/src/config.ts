import { commonSettings, databaseSetting, redisSetting, setting } from '@latchkey/platform';
import { z } from 'zod';

/** Settings of the auth service. */
export const authSettings = z.object({
  ...commonSettings,
  ...databaseSetting,
  ...redisSetting,
  LATCHKEY_INTERNAL_PORT: setting.port(8181, 'Port of health checks and metrics, never public'),
  LATCHKEY_PUBLIC_URL: setting.url(['http:', 'https:'], 'Address of the website; its host is named in messages with a code').default('http://localhost:8080'),
  LATCHKEY_AMQP_MANAGEMENT_URL: setting.url(['http:', 'https:'], "RabbitMQ's management API with a user tagged `monitoring`, for the rates that operators see; without it they see counts").optional(),
  LATCHKEY_HASH_CONCURRENCY: setting.count(2, 'Passwords hashed at the same time; each takes 19 MiB and one core'),
  LATCHKEY_HASH_WAIT_MS: setting.count(700, 'Milliseconds a password may wait to be hashed; a login that would wait longer is answered with 503 at once'),
  LATCHKEY_ACTIVITY_DAYS: setting.count(730, 'Days that timelines are kept; older months are dropped'),
  LATCHKEY_SESSION_DAYS: setting.count(30, 'Days until a session ends by itself'),
});
export type AuthSettings = z.infer<typeof authSettings>;
