import { serversOf } from '@latchkey/platform';
import { testRedisCluster } from '@latchkey/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeLimits } from './codes/code-limits.ts';
import { atOnce, CodeIssuanceUnderTest, outcome, tally, wrong } from './testing/code-issuance-under-test.ts';

const limits = codeLimits.production;
let codes: CodeIssuanceUnderTest;
beforeAll(async () => {
  codes = await CodeIssuanceUnderTest.start({ LATCHKEY_REDIS_URL: testRedisCluster() });
});
afterAll(() => codes.stop());

it('on a Redis Cluster codes of many logins lie on all nodes, and each is right once', async () => {
  const issued = await Promise.all(Array.from({ length: 12 }, () => codes.issue()));
  const servers = await serversOf(codes.redis);
  expect(servers).toHaveLength(3);
  for (const server of servers) expect(await server.keys('code:*')).not.toEqual([]);
  for (const { request, code } of issued) {
    expect(await outcome(codes.tryCode(request, wrong(code)))).toBe('wrong_code');
    expect(tally(await atOnce(4, () => codes.tryCode(request, code)))).toEqual({ right: 1, attempt_over: 3 });
  }
});

it('on a Redis Cluster a send counts against every limit or none, and wrong codes lock the login', async () => {
  const { request } = await codes.issue();
  const mailFromThere = async (index: number) => codes.ask('code.issue', await codes.issueRequest({ ip: request.ip, channel: 'email' }, `p${index}@example.com`));
  const asked = await atOnce(limits.sendsPerIpBlock + 4, mailFromThere);
  expect(tally(asked)).toEqual({ right: limits.sendsPerIpBlock - 1, too_many_requests: 5 });

  const app = await codes.enrol();
  const wrongCode = wrong(codes.appCode(app.secret), 40_009);
  expect(tally(await atOnce(50, () => codes.tryCode(app.newAttempt(), wrongCode, 'totp')))).toEqual({ wrong_code: limits.failuresBeforeLock, locked: 50 - limits.failuresBeforeLock });
});
