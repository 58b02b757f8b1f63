import { type EventName, type EventPayload, Refusal, type RequestName, type RequestPayload, type RequestReply, requestRegistry, type ServiceName } from '@latchkey/contracts';
import { AmqpServer, eventQueues, Messaging } from '@latchkey/messaging';
import type { Logger } from '@latchkey/platform';

type Answers = { [N in RequestName]?: (payload: RequestPayload<N>) => Promise<RequestReply<N>> };

/** A service behind the gateway, over the real broker: answers what the test tells it to, and keeps what it was asked. */
export class StandInService {
  answers: Answers = {};
  readonly asked: { name: RequestName; payload: unknown }[] = [];
  private readonly service: ServiceName;
  private readonly messaging: Messaging;
  private server: AmqpServer | undefined;

  constructor(
    service: ServiceName,
    url: string,
    private readonly logger: Logger,
  ) {
    this.service = service;
    this.messaging = new Messaging({ url, name: service, logger });
  }

  async start(): Promise<void> {
    this.server = new AmqpServer({ service: this.service, connection: this.messaging.connection, publisher: this.messaging.publisher, logger: this.logger });
    for (const [name, { owner }] of Object.entries(requestRegistry)) {
      if (owner === this.service) this.server.addHandler(name, (payload: unknown) => this.answer(name as RequestName, payload));
    }
    for (const event of eventQueues.filter((queue) => queue.service === this.service).flatMap((queue) => queue.events)) {
      this.server.addHandler(event, async () => undefined, true);
    }
    await new Promise<void>((resolve, reject) => this.server?.listen((error) => (error ? reject(error as Error) : resolve())));
  }

  /** Goes away as a process that was stopped does: its queue stays, nobody reads it. */
  async goAway(): Promise<void> {
    await this.server?.close();
  }

  async stop(): Promise<void> {
    await this.goAway();
    await this.messaging.close();
  }

  publish<N extends EventName>(name: N, payload: EventPayload<N>): Promise<void> {
    return this.messaging.publisher.publish(name, payload);
  }

  /** What the service was asked last under a name. */
  lastAsked<N extends RequestName>(name: N): RequestPayload<N> {
    const last = this.asked.findLast((request) => request.name === name);
    if (!last) throw new Error(`${name} was not asked`);
    return last.payload as RequestPayload<N>;
  }

  private async answer(name: RequestName, payload: unknown): Promise<unknown> {
    this.asked.push({ name, payload });
    const answer = this.answers[name] as ((payload: unknown) => Promise<unknown>) | undefined;
    if (!answer && name === 'session.get-all') return this.answerEach(payload as RequestPayload<'session.get-all'>);
    if (!answer) throw new Refusal('not_signed_in');
    return answer(payload);
  }

  /** Auth tells of many sessions what it tells of each. */
  private async answerEach({ sessionHashes }: RequestPayload<'session.get-all'>): Promise<RequestReply<'session.get-all'>> {
    const ask = async (sessionHash: string) => {
      try {
        return (await this.answer('session.get', { sessionHash })) as RequestReply<'session.get'>;
      } catch (error) {
        if (error instanceof Refusal && error.code === 'not_signed_in') return null;
        throw error;
      }
    };
    return { sessions: await Promise.all(sessionHashes.map(ask)) };
  }
}
