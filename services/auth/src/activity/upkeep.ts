import { type Logger, periods, TimePartitions } from '@latchkey/platform';
import type { DataSource } from 'typeorm';
import { deleteOldLinks } from '../notices/links.ts';

/** The timeline's partitions, one a month. Links that work no more are deleted too. */
export const upkeepOf = ({ database, keepDays, logger }: { database: DataSource; keepDays: number; logger: Logger }): TimePartitions =>
  new TimePartitions({
    database,
    logger,
    table: { name: 'activity', by: 'at', age: 'at', period: periods.month, periodsAhead: 2, keepDays, lock: 4_227_002 },
    alongside: (now) => deleteOldLinks(database, now),
  });
