import { type CodeIssued, requestRegistry } from '@latchkey/contracts';
import { AmqpServer, type BrokerLogger, eventQueues, Messaging } from '@latchkey/messaging';

export const quiet: BrokerLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const codeIssued = (attemptId: string): CodeIssued => ({
  attemptId,
  loginId: crypto.randomUUID(),
  providerId: crypto.randomUUID(),
  methodId: crypto.randomUUID(),
  purpose: 'login',
  sealedCode: 'a.b.c.d.e',
  sealedDestination: 'a.b.c.d.e',
  maskedDestination: '•••• 0123',
  locale: 'en',
  branding: { name: 'Demo', host: 'localhost' },
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
  sendNumber: 1,
});

export interface DeliveryWorker {
  messaging: Messaging;
  stop(): Promise<void>;
}

/** The messaging side of the delivery service as it is, with handlers that only tell what they were asked. */
export async function startDeliveryWorker(url: string, onSms: (attemptId: string) => void, logger = quiet): Promise<DeliveryWorker> {
  const messaging = new Messaging({ url, name: 'worker', logger });
  const server = new AmqpServer({ service: 'delivery', connection: messaging.connection, publisher: messaging.publisher, logger });
  for (const [name, { owner }] of Object.entries(requestRegistry)) if (owner === 'delivery') server.addHandler(name, async () => ({ states: [] }));
  for (const { service, events } of eventQueues) {
    if (service !== 'delivery') continue;
    for (const name of events) server.addHandler(name, async (payload: CodeIssued) => (name === 'code.issued.sms' ? onSms(payload.attemptId) : undefined), true);
  }
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error as Error) : resolve())));
  return {
    messaging,
    async stop() {
      await server.close();
      await messaging.close();
    },
  };
}
