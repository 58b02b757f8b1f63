import 'reflect-metadata';
import { setTimeout as wait } from 'node:timers/promises';
import { connectRedis, serversOf } from '@latchkey/platform';
import { eventually, testRedis, testRedisCluster, type TestRedis } from '@latchkey/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCuttableRelay } from '../testing/cuttable-relay.ts';
import { type DeliveryUnderTest, prepareDelivery, quiet } from '../testing/delivery-under-test.ts';
import { startWebhookEndpoint, type WebhookEndpoint } from '../testing/webhook-endpoint.ts';
import { Cap } from './cap.ts';
import { takeTurnScript } from './take-turn.lua.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await testRedis();
});
afterAll(() => redis.release());

/** The most of these moments that lie within any stretch of so many milliseconds. */
const mostWithin = (moments: number[], ms: number) => Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));

describe.each([
  ['one server', () => redis.url],
  ['a Redis Cluster', testRedisCluster],
])('turns on %s', (_, url) => {
  let clients: ReturnType<typeof connectRedis>[];
  beforeAll(() => {
    clients = Array.from({ length: 3 }, () => connectRedis(url(), quiet));
  });
  afterAll(() => clients.forEach((client) => client.disconnect()));

  it('of three workers at once are never more than the cap in any second', async () => {
    const caps = clients.map((client) => new Cap(client, 'per-second', { perSecond: 40 }, quiet));
    const turns: number[] = [];
    const until = Date.now() + 1_500;
    await Promise.all(
      caps.flatMap((cap) =>
        Array.from({ length: 10 }, async () => {
          while (Date.now() < until) {
            const asked = Date.now();
            const taken = await cap.take();
            if (taken.kind === 'taken') turns.push(asked + taken.inMs);
            await wait(taken.kind === 'taken' ? taken.inMs : taken.againInMs);
          }
        }),
      ),
    );
    // The script's clock is Redis's; ours saw each turn a few milliseconds off.
    expect(mostWithin(turns, 900)).toBeLessThanOrEqual(40);
    expect(turns.length).toBeGreaterThan(50);
  });

  it('in flight are never more than the cap, and one that is given back is free at once', async () => {
    const caps = clients.map((client) => new Cap(client, 'in-flight', { inFlight: 4 }, quiet));
    const taken = await Promise.all(Array.from({ length: 30 }, (_, index) => caps[index % 3]!.take()));
    const turns = taken.flatMap((one) => (one.kind === 'taken' ? [one.turn] : []));
    expect(turns).toHaveLength(4);
    caps[0]!.giveBack(turns[0]!);
    await eventually(async () => (await caps[1]!.take()).kind === 'taken');
    expect((await caps[2]!.take()).kind).toBe('full');
  });

  it('of a worker that died lapse by themselves', async () => {
    const take = () => takeTurnScript.run(clients[0]!, ['delivery:{dead}:in-flight', 'delivery:{dead}:next-turn'], [String(Math.random()), 1, 0, 0, 150_000]) as Promise<[string, number]>;
    expect((await take())[0]).toBe('taken');
    expect((await take())[0]).toBe('full');
    await wait(200);
    expect((await take())[0]).toBe('taken');
  });

  it('leave nothing behind in Redis', async () => {
    const keys = (await Promise.all((await serversOf(clients[0]!)).map((server) => server.keys('delivery:*')))).flat();
    const lives = await Promise.all(keys.map((key) => clients[0]!.pttl(key)));
    expect(lives.length).toBeGreaterThan(0);
    expect(lives.every((ms) => ms > 0 && ms <= 25_000)).toBe(true);
  });
});

describe('workers', () => {
  let delivery: DeliveryUnderTest;
  let endpoint: WebhookEndpoint;
  const running: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    [delivery, endpoint] = await Promise.all([prepareDelivery(), startWebhookEndpoint()]);
    for (const [name, value] of Object.entries(endpoint.secrets('CAPPED'))) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((worker) => worker.stop()));
    endpoint.arrived.length = 0;
    endpoint.mostAtOnce = 0;
  });
  afterAll(async () => {
    await delivery.stop();
    await endpoint.close();
    vi.unstubAllEnvs();
  });
  const start = async (cap: object, redisUrl = redis.url) =>
    void running.push(
      await delivery.startWorker(
        { providers: { capped: endpoint.provider('CAPPED', cap) }, routes: { sms: [{ provider: 'capped' }] } },
        { environment: { DELIVERY_CHANNELS: 'sms', LATCHKEY_REDIS_URL: redisUrl, LATCHKEY_DELIVERY_PREFETCH: '10' } },
      ),
    );
  const sendMany = (count: number) => Promise.all(Array.from({ length: count }, () => delivery.send(delivery.newNumber())));
  const allAccepted = async (sent: { id: string }[]) => {
    for (const { id } of sent) await delivery.reaches(id, 'accepted');
  };

  it('two of them keep a provider’s caps together, and every message gets through', async () => {
    endpoint.behave = async () => {
      await wait(60);
      return 202;
    };
    await Promise.all([start({ inFlight: 3, perSecond: 30 }), start({ inFlight: 3, perSecond: 30 })]);
    const sent = await sendMany(75);
    await allAccepted(sent);
    expect(endpoint.arrived).toHaveLength(75);
    expect(endpoint.mostAtOnce).toBeLessThanOrEqual(3);
    // What is evenly sent arrives a little less evenly.
    expect(mostWithin(endpoint.arrived.map(({ at }) => at), 900)).toBeLessThanOrEqual(30);
  });

  it('a code that expires while it waits for its turn is not sent', async () => {
    await start({ perSecond: 0.5 });
    const [first, late] = [await delivery.send(delivery.newNumber()), await delivery.send(delivery.newNumber(), { expiresAt: new Date(Date.now() + 1_200).toISOString() })];
    await delivery.reaches(first.id, 'accepted');
    expect(await delivery.reaches(late.id, 'expired')).toMatchObject({ asks: 0 });
    expect(endpoint.arrived).toHaveLength(1);
  });

  it('while Redis is away nothing is sent above the cap and nothing is lost', async () => {
    const relay = await startCuttableRelay(new URL(redis.url));
    try {
      await start({ perSecond: 50 }, relay.url);
      await allAccepted(await sendMany(2));
      relay.cut();
      const sent = await sendMany(5);
      await wait(700);
      expect(endpoint.arrived).toHaveLength(2);
      relay.mend();
      await allAccepted(sent);
      expect(endpoint.arrived).toHaveLength(7);
    } finally {
      await Promise.all(running.splice(0).map((worker) => worker.stop()));
      await relay.close();
    }
  });

  it('at the cap the queue grows and not the worker: it holds its prefetch and no more', async () => {
    await start({ perSecond: 2 });
    await sendMany(40);
    await wait(500);
    // Ten at the worker, and two a second that were sent.
    expect(await delivery.messagesIn('delivery.sms')).toBeGreaterThanOrEqual(40 - 10 - 3);
    expect(endpoint.arrived.length).toBeLessThanOrEqual(3);
  });
});
