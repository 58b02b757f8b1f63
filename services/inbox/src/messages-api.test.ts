import { SendEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInbox } from './inbox-under-test.ts';
import type { InboxUnderTest } from './inbox-under-test.ts';

let inbox: InboxUnderTest;
beforeAll(async () => {
  inbox = await startInbox();
});
afterAll(() => inbox.stop());
beforeEach(() => inbox.clear());

const text = (to: string, message: string) => inbox.sns.send(new PublishCommand({ PhoneNumber: to, Message: message }));
const mail = (to: string, html?: string) =>
  inbox.ses.send(
    new SendEmailCommand({ Source: 'no-reply@localhost', Destination: { ToAddresses: [to] }, Message: { Subject: { Data: 'Code' }, Body: { Text: { Data: '012345' }, ...(html && { Html: { Data: html } }) } } }),
  );

describe('GET /messages', () => {
  test('shows the newest first, of every channel', async () => {
    await text('+15555550100', 'one');
    await mail('owner@example.com');
    await text('+15555550101', 'three');
    expect((await inbox.messages()).map((message) => message.to)).toEqual(['+15555550101', 'owner@example.com', '+15555550100']);
  });

  test.each(['?to=%2B15555550100', '?to=+15555550100', '?to=%2B1%20(555)%20555-0100', '?limit=10&to=+15555550100'])('finds a number asked for as %s', async (search) => {
    await text('+15555550100', 'mine');
    await text('+15555550101', 'not mine');
    expect((await inbox.messages(search)).map((message) => message.text)).toEqual(['mine']);
  });

  test.each(['?to=Owner%2Btag%40example.com', '?to=owner+tag@example.com'])('finds an address asked for as %s', async (search) => {
    await mail('owner+tag@Example.com');
    await mail('owner@example.com');
    expect((await inbox.messages(search)).map((message) => message.to)).toEqual(['owner+tag@Example.com']);
  });

  test('finds nothing for half a number', async () => {
    await text('+15555550100', 'x');
    expect(await inbox.messages('?to=%2B1555555010')).toEqual([]);
  });

  test('stops at the limit', async () => {
    for (const word of ['one', 'two', 'three']) await text('+15555550100', word);
    expect((await inbox.messages('?limit=2')).map((message) => message.text)).toEqual(['three', 'two']);
  });

  test.each(['?limit=0', '?limit=many', '?to=', '?to=a&to=b', '?from=x'])('refuses %s', async (search) => {
    const answer = await fetch(`${inbox.url}/messages${search}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'invalid_request', status: 400, issues: [expect.anything()] });
  });
});

test('DELETE /messages clears', async () => {
  await text('+15555550100', 'x');
  expect((await inbox.clear()).status).toBe(204);
  expect(await inbox.messages()).toEqual([]);
});

describe('the HTML of a mail', () => {
  test('is shut in: no scripts, no requests, no origin', async () => {
    await mail('owner@example.com', '<html><head lang="en"><title>x</title></head><body><script>parent.x()</script><a href="https://example.com">go</a></body></html>');
    const [{ id } = { id: '' }] = await inbox.messages();
    const answer = await fetch(`${inbox.url}/messages/${id}/html`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox allow-popups');
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    expect(await answer.text()).toContain('<head lang="en"><base target="_blank"><title>');
  });

  test('of a mail without any, or of none, is not found', async () => {
    await mail('owner@example.com');
    const [{ id } = { id: '' }] = await inbox.messages();
    for (const unknown of [id, 'x']) {
      const answer = await fetch(`${inbox.url}/messages/${unknown}/html`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'not_found' });
    }
  });
});

describe('GET /events', () => {
  test('gives what is there, then every message and clearing as it happens', async () => {
    await text('+15555550100', 'before');
    const stop = new AbortController();
    const answer = await fetch(`${inbox.url}/events`, { signal: stop.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const next = eventsOf(answer);
    expect(await next()).toMatchObject({ event: 'snapshot', data: [{ channel: 'sms', text: 'before' }] });
    await text('+15555550100', 'line one\nline two\n\nevent: cleared');
    expect(await next()).toMatchObject({ event: 'message', data: { to: '+15555550100', text: 'line one\nline two\n\nevent: cleared', providerMessageId: expect.any(String) } });
    await mail('owner@example.com', '<p>x</p>');
    expect(await next()).toMatchObject({ event: 'message', data: { channel: 'email', from: 'no-reply@localhost', html: '<p>x</p>' } });
    await inbox.clear();
    expect(await next()).toMatchObject({ event: 'cleared' });
    stop.abort();
  });

  test('ends when the inbox stops, which it does at once', async () => {
    const other = await startInbox();
    const answer = await fetch(`${other.url}/events`);
    const next = eventsOf(answer);
    await next();
    const before = Date.now();
    await other.stop();
    expect(Date.now() - before).toBeLessThan(2_000);
    expect(await next()).toBeUndefined();
  });
});

/** Reads a stream of events one by one; undefined at its end. */
function eventsOf(answer: Response): () => Promise<{ event: string; data: unknown } | undefined> {
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let buffered = '';
  return async () => {
    for (;;) {
      const end = buffered.indexOf('\n\n');
      if (end >= 0) {
        const block = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        const found = /^event: (?<event>\w+)\ndata: (?<data>.*)$/.exec(block)?.groups;
        if (found) return { event: String(found['event']), data: JSON.parse(String(found['data'])) as unknown };
        continue;
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      buffered += value;
    }
  };
}

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['/inbox.css', 'text/css; charset=utf-8'],
    ['/inbox.js', 'text/javascript; charset=utf-8'],
    ['/phone.js', 'text/javascript; charset=utf-8'],
    ['/mailbox.js', 'text/javascript; charset=utf-8'],
    ['/reading.js', 'text/javascript; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
  ])('%s is served under a policy without inline scripts or strangers', async (path, type) => {
    const answer = await fetch(inbox.url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
  });

  test('names every recipient that goes wrong on purpose', async () => {
    const page = await (await fetch(inbox.url)).text();
    for (let last = 1; last <= 13; last += 1) expect(page).toContain(`>${9_990_000 + last}<`);
  });

  test.each(['/../package.json', '/%2e%2e/package.json', '/public/inbox.js', '/index.html'])('serves nothing at %s', async (path) => {
    expect((await fetch(inbox.url + path)).status).toBe(404);
  });
});

test('health and metrics are on the internal port only', async () => {
  await text('+15555550100', 'x');
  for (const path of ['/health/live', '/health/ready']) {
    expect(await (await fetch(inbox.internalUrl + path)).json()).toEqual({ status: 'ok' });
    expect((await fetch(inbox.url + path)).status).toBe(404);
  }
  expect(await (await fetch(`${inbox.internalUrl}/metrics`)).text()).toMatch(/^latchkey_inbox_messages_total\{channel="sms"\} [1-9]/m);
});
