import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answerAs } from './answering.ts';
import type { InboxConfig } from './config.ts';
import type { MessageStore } from './message-store.ts';
import { arrives, misbehaviourOf, receiptOf } from './misbehaviour.ts';
import type { ReceiptSender } from './receipt-sender.ts';
import { isSignedWebhook, webhookHeaders } from './webhook-signature.ts';

const common = { id: z.string().min(1).max(200), text: z.string().min(1), expiresAt: z.iso.datetime().optional() };
const message = z.discriminatedUnion('channel', [
  z.strictObject({ ...common, channel: z.literal('sms'), to: z.e164() }),
  z.strictObject({ ...common, channel: z.literal('email'), to: z.email().max(320), subject: z.string().min(1), html: z.string().min(1) }),
]);

/** Ids of sends that are remembered, so that one that is tried again is sent once. */
const mostRemembered = 10_000;

/** `POST /webhook`: a receiver of the generic webhook, as an integrator writes one. */
export function serveWebhook(app: FastifyInstance, secret: string, config: InboxConfig, store: MessageStore, sender: ReceiptSender): void {
  const ownIds = new Map<string, string>();

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

    scope.post('/webhook', async (request, reply) => {
      const body = String(request.body ?? '');
      if (!isSignedWebhook(secret, request.headers, body)) return reply.code(401).send({ error: { code: 'not_signed' } });
      const read = message.safeParse(parseJson(body));
      if (!read.success) return reply.code(400).send({ error: { code: 'invalid_request', issues: read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) } });
      const { id, channel, to, text } = read.data;
      if (read.data.expiresAt !== undefined && Date.parse(read.data.expiresAt) <= Date.now()) return reply.code(422).send({ error: { code: 'expired' } });

      const misbehaviour = misbehaviourOf(to);
      if (misbehaviour === 'throttled') return reply.code(429).header('retry-after', '1').send({ error: { code: 'too_many_requests' } });
      if (misbehaviour === 'refused') return reply.code(422).send({ error: { code: 'opted_out' } });
      if (misbehaviour === 'broken') return reply.code(500).send({ error: { code: 'internal' } });

      const known = ownIds.get(id);
      const ownId = known ?? randomUUID();
      if (known === undefined && misbehaviour !== 'error_in_answer') {
        ownIds.set(id, ownId);
        if (ownIds.size > mostRemembered) ownIds.delete(ownIds.keys().next().value ?? '');
        const mail = read.data.channel === 'email' ? { subject: read.data.subject, html: read.data.html } : {};
        if (arrives(misbehaviour)) store.add({ channel, to, text, ...mail, providerMessageId: ownId });
        const state = receiptOf(misbehaviour);
        if (state && config.webhookReceiptUrl) sender.send([webhookReceipt(secret, config.webhookReceiptUrl, ownId, state)]);
      }
      request.log.info({ id: ownId, again: known !== undefined }, 'taken');
      const answer = misbehaviour === 'error_in_answer' ? { error: { code: 'no_such_recipient' } } : { id: ownId };
      return answerAs(misbehaviour, request, reply, { status: 200, type: 'application/json', body: JSON.stringify(answer) });
    });
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Signed anew each time it is tried: a receipt that waited too long for its receiver would be too old. */
function webhookReceipt(secret: string, url: string, id: string, state: 'delivered' | 'failed') {
  const body = JSON.stringify({ id, state, ...(state === 'failed' ? { reason: 'unreachable' } : {}), at: new Date().toISOString() });
  const webhookId = randomUUID();
  return { url, tries: 3, build: () => ({ body, headers: { 'content-type': 'application/json', ...webhookHeaders(secret, webhookId, body) } }) };
}
