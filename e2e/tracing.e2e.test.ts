import { readFileSync } from 'node:fs';
import { eventually } from '@latchkey/testing';
import { expect, it } from 'vitest';
import { demoPassword } from './api-client.ts';
import { newClient, ownerCode, signIn, signInOwner, signInTrusted, system } from './demo.ts';
import { pathOf, readSpans, traceFile, type TracedSpan } from './traces.ts';

const told = ({ service, kind, name }: TracedSpan) => `${service} ${kind} ${name}`;

/** The spans of the trace of what was asked last, once `complete` says that all are there. */
function traceOf(route: string, after: Set<string>, complete: (spans: TracedSpan[]) => boolean): Promise<TracedSpan[]> {
  return eventually(
    () => {
      const spans = readSpans();
      const root = spans.find(({ name, spanId }) => name === route && !after.has(spanId));
      const trace = spans.filter(({ traceId }) => traceId === root?.traceId);
      // A span is written when it ends: those that hold others come after them.
      const whole = trace.every(({ parentSpanId }) => parentSpanId === undefined || trace.some(({ spanId }) => spanId === parentSpanId));
      return complete(trace) && whole && trace;
    },
    { timeoutMs: 15_000, everyMs: 100, what: `the trace of ${route}` },
  );
}
const seen = () => new Set(readSpans().map(({ spanId }) => spanId));

it('a login with a texted code is one trace, from the request at the gateway over the broker to the ask of the provider', async () => {
  const before = seen();
  await ownerCode(newClient());
  const trace = await traceOf('POST /v1/login', before, (spans) => ['ask sns', 'publish latchkey.events:code.issued.sms'].every((name) => spans.some((span) => span.name === name)));

  const [ask] = trace.filter(({ name }) => name === 'ask sns');
  expect(pathOf(ask!, trace).map(told)).toEqual([
    'delivery client ask sns',
    'delivery consumer process latchkey.events:code.issued.sms:delivery.sms',
    'code-issuance producer publish latchkey.events:code.issued.sms',
    'code-issuance server code.issue',
    'auth client code.issue',
    'auth server login.start',
    'gateway client login.start',
    'gateway server POST /v1/login',
  ]);
  expect(ask!.attributes).toMatchObject({ 'latchkey.provider': 'sns', 'latchkey.channel': 'sms', 'latchkey.outcome': 'accepted' });
  const [hash] = trace.filter(({ name }) => name === 'hash password');
  expect(pathOf(hash!, trace).map(told)).toEqual(['auth internal hash password', 'auth server login.start', 'gateway client login.start', 'gateway server POST /v1/login']);
  // What the page is told and what the timeline is written from hang on the same root.
  const whole = await traceOf('POST /v1/login', before, (spans) => ['gateway', 'auth'].every((service) => spans.some((span) => span.service === service && span.name.includes('delivery.accepted'))));
  expect(whole.filter(({ parentSpanId }) => parentSpanId === undefined).map(told)).toEqual(['gateway server POST /v1/login']);
});

it('a login on a trusted device is one trace through device-trust, and an event of its outbox belongs to the trace that wrote it', async () => {
  const before = seen();
  const browser = newClient();
  await signInTrusted(browser);
  const trusted = await traceOf('POST /v1/devices/trust', before, (spans) => spans.some(({ name }) => name.endsWith('device.trusted:auth.activity')));
  const [written] = trusted.filter(({ name }) => name.endsWith('device.trusted:auth.activity'));
  const path = pathOf(written!, trusted).map(told);
  expect(path[0]).toBe('auth consumer process latchkey.events:device.trusted:auth.activity');
  expect(path[1]).toBe('device-trust producer publish latchkey.events:device.trusted');
  expect(path[2]).toMatch(/^device-trust server device\./);
  expect(path.at(-1)).toBe('gateway server POST /v1/devices/trust');

  const again = seen();
  await browser.post('/v1/login', { loginName: 'owner', password: demoPassword });
  const login = await traceOf('POST /v1/login', again, (spans) => spans.some(({ name, service }) => service === 'device-trust' && name === 'device.enter-trusted') && spans.some(({ name }) => name === 'POST /v1/login'));
  expect(login.some(({ service }) => service === 'delivery')).toBe(false);
});

it('each try of a message is a span of the same trace beside the others, and the lines of the log name it', async () => {
  const [before, client] = [seen(), newClient()];
  await signIn(client, 'member');
  // A number that the provider always breaks on: the message goes through the retry queues.
  const added = await client.post('/v1/two-factor/methods', { password: demoPassword, kind: 'sms', phoneNumber: '+14159990003' });
  expect(added.status).toBe(201);
  const isTry = ({ service, kind }: TracedSpan) => service === 'delivery' && kind === 'consumer';
  const trace = await traceOf('POST /v1/two-factor/methods', before, (spans) => spans.filter(isTry).length > 1);
  const tries = trace.filter(isTry);
  expect(tries.map(({ failed, attributes }) => [failed, attributes['latchkey.outcome'], Number(attributes['latchkey.previous_tries'])])).toEqual([[true, 'retried', 0], [true, 'retried', 1]]);
  expect(new Set(tries.map(({ parentSpanId }) => parentSpanId)).size).toBe(1);
  for (const one of tries) expect(trace.find(({ parentSpanId }) => parentSpanId === one.spanId)).toMatchObject({ name: 'ask sns', failed: true, attributes: { 'error.type': 'transient' } });

  const lines = readFileSync(system().logPaths['delivery-sms']!, 'utf8').split('\n').filter((line) => line.includes(trace[0]!.traceId)).map((line) => JSON.parse(line));
  expect(lines.map(({ msg, trace_id, span_id, correlationId }) => ({ msg, trace_id, span_id, correlates: typeof correlationId }))).toEqual(
    tries.map(({ traceId, spanId }) => ({ msg: 'event not handled', trace_id: traceId, span_id: spanId, correlates: 'string' })),
  );
});

it('what is done with a code is linked to the login that it belongs to', async () => {
  const before = seen();
  const client = newClient();
  await signInOwner(client);
  const login = await traceOf('POST /v1/login', before, (spans) => spans.some(({ service, name, kind }) => service === 'auth' && name === 'login.start' && kind === 'server'));
  const verified = await traceOf('POST /v1/login/verify-code', before, (spans) => spans.some(({ service, name }) => service === 'auth' && name === 'login.verify-code') && spans.some(({ name }) => name === 'POST /v1/login/verify-code'));
  const start = login.find(({ service, name }) => service === 'auth' && name === 'login.start');
  expect(verified.find(({ service, name }) => service === 'auth' && name === 'login.verify-code')?.links).toEqual([{ traceId: start?.traceId, spanId: start?.spanId }]);
  const services = new Set(verified.map(({ service }) => service));
  expect([...services]).toEqual(expect.arrayContaining(['gateway', 'auth', 'code-issuance', 'device-trust']));
});

it('a stranger can neither go on with a trace of his choice nor have his requests kept', async () => {
  const before = seen();
  const traceId = 'ab'.repeat(16);
  await newClient().post('/v1/login', { loginName: 'nobody-at-all', password: 'wrong' }, { traceparent: `00-${traceId}-${'cd'.repeat(8)}-01`, tracestate: 'stranger=1' });
  const [root] = await traceOf('POST /v1/login', before, (spans) => spans.length > 0).then((spans) => spans.filter(({ service, kind }) => service === 'gateway' && kind === 'server'));
  expect(root).toMatchObject({ parentSpanId: undefined });
  expect(readSpans().some((span) => span.traceId === traceId)).toBe(false);
});

it('a span says nothing but what is on the list, and no text of a span holds a number, an address or whatever somebody typed', async () => {
  const before = seen();
  await newClient().post('/v1/login', { loginName: 'Somebody Nosy', password: 'typed in vain' }, { 'user-agent': 'nosy/1.0' });
  await newClient().get('/v1/links/typed-into-the-address');
  await traceOf('POST /v1/login', before, (spans) => spans.length > 3);
  const spans = readSpans();
  const known = [/^(messaging|rpc|http)\./, /^error\.type$/, /^url\.scheme$/, /^latchkey\.(provider|channel|outcome|refusal|previous_tries)$/];
  const uuid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;
  for (const { name, attributes } of spans) {
    expect(Object.keys(attributes).filter((key) => !known.some((one) => one.test(key))), name).toEqual([]);
    for (const text of [name, ...Object.values(attributes)].filter((value) => typeof value === 'string')) expect(text.replace(uuid, ''), name).toMatch(/^(?!.*\d{4})[\w.:/ -]*$/);
  }
  expect(readFileSync(traceFile(), 'utf8')).not.toMatch(/nosy|typed|127\.0\.0\.1/i);
});
