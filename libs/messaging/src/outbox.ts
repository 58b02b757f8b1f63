import { randomUUIDv7 } from 'node:crypto';
import { type EventName, type EventPayload, eventRegistry, type Envelope } from '@latchkey/contracts';
import type { BrokerLogger } from './broker-connection.ts';
import { currentMessageContext } from './message-context.ts';
import type { Publisher } from './publisher.ts';
import { currentTraceHeaders, outsideTraces, type TraceHeaders } from './trace-messages.ts';

/** Whatever can run SQL inside the caller's transaction: a TypeORM EntityManager, QueryRunner or DataSource. */
export interface OutboxExecutor {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** What a row holds: the fact, and the trace in which it became one, if that was traced. */
type Row = Envelope & { trace?: TraceHeaders };

/** The table each publishing service has in its own schema; a migration of the service creates it. */
export const outboxTableSql = `CREATE TABLE outbox (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  aggregate_id uuid NOT NULL,
  message jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
)`;

const addSql = 'INSERT INTO outbox (aggregate_id, message) VALUES ($1, $2)';

/** What `message` of a row is, for a statement of the service's own that makes the change and notes its facts at once. */
export function outboxMessage<N extends EventName>(name: N, payload: EventPayload<N>): string {
  const context = currentMessageContext();
  const definition = eventRegistry[name];
  const trace = currentTraceHeaders();
  const message: Row = {
    id: randomUUIDv7(),
    name,
    version: definition.version,
    occurredAt: new Date().toISOString(),
    correlationId: context?.correlationId ?? randomUUIDv7(),
    causationId: context?.messageId ?? null,
    payload: definition.payload.parse(payload),
    ...(trace && { trace }),
  };
  return JSON.stringify(message);
}

/** Writes a fact beside the change it tells of: in the same transaction, so that there is both or neither. */
export async function addToOutbox<N extends EventName>(executor: OutboxExecutor, name: N, aggregateId: string, payload: EventPayload<N>): Promise<void> {
  await executor.query(addSql, [aggregateId, outboxMessage(name, payload)]);
}

// Only the oldest unsent fact of each aggregate is eligible, also while another replica holds it: facts of one aggregate
// are published in their order, however many replicas relay.
const takeBatchSql = `
  SELECT position, message FROM outbox AS head
  WHERE NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.aggregate_id = head.aggregate_id AND earlier.position < head.position)
  ORDER BY position LIMIT 100 FOR UPDATE SKIP LOCKED`;

// Tells what was there besides: what comes later kicks the relay again, or waits for its poll.
const deleteSql = 'WITH relayed AS (DELETE FROM outbox WHERE position = ANY($1)) SELECT EXISTS (SELECT 1 FROM outbox WHERE position <> ALL($1)) AS more';

/** For who has a database prepare what is asked often. */
export const outboxStatements: readonly string[] = [addSql, takeBatchSql, deleteSql];

interface TransactionalSource {
  isInitialized: boolean;
  transaction<T>(work: (executor: OutboxExecutor) => Promise<T>): Promise<T>;
}

/** Publishes what the outbox holds, with confirms, and deletes it after; a crash between the two publishes it twice. */
export class OutboxRelay {
  private readonly source: TransactionalSource;
  private readonly publisher: Publisher;
  private readonly logger: BrokerLogger;
  private readonly pollMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(source: TransactionalSource, publisher: Publisher, logger: BrokerLogger, pollMs = 500) {
    this.source = source;
    this.publisher = publisher;
    this.logger = logger;
    this.pollMs = pollMs;
  }

  start(): void {
    this.schedule(0);
  }

  /** Call after a commit that wrote to the outbox: the fact leaves at once and not at the next poll. */
  kick(): void {
    if (this.running) this.again = true;
    else this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(waitMs: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const drain = outsideTraces(() => {
      this.running = this.drain()
        .catch((error: Error) => this.logger.warn({ reason: error.message }, 'outbox not relayed, trying again'))
        .finally(() => {
          this.running = undefined;
          this.schedule(this.again ? 0 : this.pollMs);
          this.again = false;
        });
    });
    this.timer = setTimeout(drain, waitMs);
  }

  private async drain(): Promise<void> {
    while (!this.stopped && this.source.isInitialized) {
      const more = await this.source.transaction(async (executor) => {
        const rows = (await executor.query(takeBatchSql)) as { position: string; message: Row }[];
        if (rows.length === 0) return false;
        await Promise.all(rows.map(({ message }) => this.publish(message)));
        const [left] = (await executor.query(deleteSql, [rows.map(({ position }) => position)])) as { more: boolean }[];
        return left?.more === true;
      });
      if (!more) return;
    }
  }

  private publish(message: Row): Promise<void> {
    return this.publisher.publish(message.name as EventName, message.payload as never, {
      id: message.id,
      correlationId: message.correlationId,
      causationId: message.causationId,
      occurredAt: message.occurredAt,
      // Whoever kicked the relay wrote some of the rows, and not all.
      trace: message.trace ?? {},
    });
  }
}
