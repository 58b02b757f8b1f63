import { expect, test } from 'vitest';
import { unusedPort } from './ports.ts';
import { externalPart, urlVariables } from './external-part.ts';
import { partNames } from './instance.ts';

const schemes = { rabbitmq: 'amqp', redis: 'redis', postgres: 'postgres' };

test.each(partNames)('an unreachable %s is told with its variable and without its password', async (name) => {
  const part = externalPart(name, `${schemes[name]}://someone:hunter2@127.0.0.1:${await unusedPort()}`);
  const reason = (await part.start().catch((error: Error) => error.message)) ?? '';
  expect(reason).toContain(`${urlVariables[name]} points to ${schemes[name]}://someone:***@127.0.0.1`);
  expect(reason).not.toContain('hunter2');
  expect(await part.isReady()).toBe(false);
});
