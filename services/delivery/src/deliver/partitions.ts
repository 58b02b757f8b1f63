import { type Logger, periods, TimePartitions } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import type { AcceptedMessages } from './accepted-messages.ts';

/** The ledger's partitions, one a day: made a week ahead, so that workers which can make none for that long lose no speed. */
export const ledgerPartitions = ({ source, messages, keepDays, logger }: { source: DataSource; messages: AcceptedMessages; keepDays: number; logger: Logger }): TimePartitions =>
  new TimePartitions({
    database: source,
    logger,
    table: {
      name: 'deliveries',
      by: 'queued_at',
      age: 'greatest(queued_at, asked_at)',
      period: periods.day,
      periodsAhead: 7,
      keepDays,
      // Every row is changed once, soon after it is written: with room on its page that leaves the indexes alone.
      storage: 'WITH (fillfactor = 60)',
      lock: 4_227_001,
    },
    alongside: (now) => messages.letGoOfOld(now),
  });
