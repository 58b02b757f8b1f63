import { Refusal } from '@latchkey/contracts';
import type { Requester } from '@latchkey/messaging';
import type { Logger, SealingKeys } from '@latchkey/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from '../http/problem-filter.ts';

const longestBody = 64 * 1024;
const longestUrl = 2_048;
/** What signatures are carried by, or are about. Nothing else of a request is anybody's business behind the gateway. */
const neededHeaders = ['content-type', 'x-twilio-signature', 'x-amz-sns-message-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];
const longestHeader = 4_096;

/**
 * `POST /v1/receipts/{provider}`: what message providers tell of deliveries. It comes from machines with a signature and
 * no session, in whatever content type the vendor has, and is judged by who knows the vendor: only carried here.
 */
export async function takeReceipts(server: FastifyInstance, parts: { requester: Requester; keys: SealingKeys; publicUrl: string; logger: Logger }): Promise<void> {
  const { origin } = new URL(parts.publicUrl);
  await server.register(async (scope) => {
    // Signatures are over the very bytes, so nothing parses them first. Those that are no UTF-8 no vendor sent.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => {
      const refusal = refusalOf(error);
      if (refusal.code === 'internal_error') parts.logger.error({ err: error, provider: providerOf(request) }, 'receipt not taken');
      sendProblem(reply, refusal);
    });

    scope.post('/v1/receipts/:provider', async (request, reply) => {
      const body = typeof request.body === 'string' ? request.body : '';
      if (Buffer.byteLength(body) > longestBody) throw new Refusal('too_large');
      const provider = providerOf(request);
      const url = origin + request.url;
      if (!/^[a-z][a-z0-9-]{0,39}$/.test(provider) || url.length > longestUrl) throw new Refusal('not_found');
      // Receipts quote numbers and addresses: nobody at the broker sees them.
      const sealedBody = await parts.keys.seal('destination', body);
      await parts.requester.request('delivery.take-receipt', { provider, url, headers: headersOf(request), sealedBody });
      return reply.code(204).send();
    });
  });
}

const providerOf = (request: FastifyRequest): string => String((request.params as { provider?: string }).provider);

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(neededHeaders.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' && value.length <= longestHeader ? [[name, value]] : [];
  }));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) return new Refusal('too_large');
  return new Refusal(status < 500 ? 'invalid_request' : 'internal_error');
}
