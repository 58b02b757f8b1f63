import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerAs } from './answering.ts';
import { AwsError, QueryParameters, answerXml, errorXml } from './aws-query.ts';
import type { InboxConfig } from './config.ts';
import type { KeptMessage, MessageStore } from './message-store.ts';
import { arrives, misbehaviourOf, receiptOf, refuseIfMeant } from './misbehaviour.ts';
import { sendEmail, sendRawEmail } from './ses.ts';
import { verifySignature } from './signature.ts';
import { publish } from './sns.ts';
import { sesNotification, type SnsTopic } from './sns-topic.ts';

type Service = 'sns' | 'ses';
type NewMessage = Omit<KeptMessage, 'id' | 'receivedAt'>;

const versions = { sns: '2010-03-31', ses: '2010-12-01' };
const namespaces = { sns: 'http://sns.amazonaws.com/doc/2010-03-31/', ses: 'http://ses.amazonaws.com/doc/2010-12-01/' };
// Room for the largest mail in parts, 10 MiB, of characters that percent-encoding makes three times as long.
const largestCall = 32 * 1024 * 1024;

/** `POST /`: what the AWS SDK's SNS and SES clients call when their `endpoint` is the inbox. `topic`: where SES tells of mail. */
export function serveAws(app: FastifyInstance, config: InboxConfig, store: MessageStore, topic: SnsTopic | undefined): void {
  app.register(async (scope) => {
    // The signature covers the bytes as they came, so nothing may parse them first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    scope.post('/', { bodyLimit: largestCall, errorHandler: answerError }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const service = await verifySignature({ method: request.method, path: request.url, headers: request.headers, body }, config.credentials);
      serviceOf.set(request, service);
      const parameters = new QueryParameters(body);
      const action = parameters.get('Action') ?? '';
      const messages = await take(service, action, parameters, config);

      const misbehaviours = messages.map((message) => misbehaviourOf(message.to));
      for (const misbehaviour of misbehaviours) refuseIfMeant(misbehaviour, service);
      for (const [index, message] of messages.entries()) {
        if (arrives(misbehaviours[index])) store.add(message);
        const receipt = receiptOf(misbehaviours[index]);
        if (topic && receipt && message.channel === 'email') topic.publish(sesNotification(message.providerMessageId, message.from ?? '', message.to, receipt), `http://${request.headers.host}`);
      }

      const requestId = randomUUID();
      request.log.info({ action, requestId, recipients: messages.length }, 'taken');
      const xml = answerXml(action, namespaces[service], messages[0]?.providerMessageId ?? '', requestId);
      return answerAs(misbehaviours.find((one) => one !== undefined), request, reply, { status: 200, type: 'text/xml', body: xml, headers: { 'x-amzn-requestid': requestId } });
    });
  });
}

/** The messages that a call asks for, one a recipient. */
async function take(service: Service, action: string, parameters: QueryParameters, config: InboxConfig): Promise<NewMessage[]> {
  const version = parameters.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const known = version === versions[service];
  if (known && service === 'sns' && action === 'Publish') {
    const { messageId, to, text, from } = publish(parameters);
    return [{ channel: 'sms', to, text, providerMessageId: messageId, ...(from !== undefined && { from }) }];
  }
  if (known && service === 'ses' && (action === 'SendEmail' || action === 'SendRawEmail')) {
    const send = action === 'SendEmail' ? sendEmail : sendRawEmail;
    const { messageId, from, recipients, subject, text, html, headers } = await send(parameters, config.verifiedSenders);
    return recipients.map((to) => ({ channel: 'email', to, from, ...(subject !== undefined && { subject }), text, ...(html !== undefined && { html }), ...(headers && { headers }), providerMessageId: messageId }));
  }
  throw new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`);
}

// Known once the signature was checked; errors before that are answered in the words of SNS.
const serviceOf = new WeakMap<FastifyRequest, Service>();

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const requestId = randomUUID();
  const refusal = asAwsError(error);
  // The message of a refusal may quote a number or an address: only its code is logged.
  if (refusal === unforeseen) request.log.error({ requestId, err: error }, 'failed');
  else request.log.info({ requestId, code: refusal.code }, 'refused');
  void sendXml(reply, refusal.status, requestId, errorXml(refusal, namespaces[serviceOf.get(request) ?? 'sns'], requestId));
}

const unforeseen = new AwsError('InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.', 500);

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) return new AwsError('RequestEntityTooLarge', 'Request body is too large.', 413);
  return status < 500 ? new AwsError('MalformedInput', 'The request could not be read.') : unforeseen;
}

function sendXml(reply: FastifyReply, status: number, requestId: string, xml: string): FastifyReply {
  return reply.code(status).header('x-amzn-requestid', requestId).type('text/xml').send(xml);
}
