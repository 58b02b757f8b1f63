import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { codeRequiredReply, GatewayUnderTest } from './testing/gateway-under-test.ts';

/** How long the gateway takes to stop, in milliseconds. */
async function stopTime(gateway: GatewayUnderTest): Promise<number> {
  const asked = performance.now();
  await gateway.stopGateway();
  return performance.now() - asked;
}

describe.concurrent('a gateway that is told to stop', () => {
  it('answers the login that is under way, and its connection does not hold it up any longer', async () => {
    const gateway = await GatewayUnderTest.start();
    const taken = Promise.withResolvers<void>();
    gateway.auth.answers['login.start'] = async () => {
      taken.resolve();
      await wait(800);
      return codeRequiredReply();
    };
    const underWay = gateway.post('/v1/login', { loginName: 'owner', password: 'x' });
    await taken.promise;
    const stopped = stopTime(gateway);
    expect(await underWay).toMatchObject({ status: 200, body: { status: 'code_required' } });
    expect(await stopped).toBeLessThan(3_000);
    await gateway.stop();
  });

  it('is not held up by connections that ask nothing, as browsers open them ahead, nor by a kept one', async () => {
    const gateway = await GatewayUnderTest.start();
    const silent = Array.from({ length: 5 }, () => connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1'));
    await Promise.all(silent.map((socket) => once(socket.resume().on('error', () => undefined), 'connect')));
    await gateway.get('/v1/session');
    expect(await stopTime(gateway)).toBeLessThan(3_000);
    await wait(50);
    expect(silent.every(({ destroyed }) => destroyed)).toBe(true);
    await gateway.stop();
  });
});
