import { beforeEach, describe, expect, test } from 'vitest';
import { readServerClock, serverNow } from './server-clock.ts';

const answerAt = (ms: number) => new Response(null, { headers: { Date: new Date(ms).toUTCString() } });
const aheadBy = () => serverNow() - Date.now();

describe("the server's clock", () => {
  beforeEach(() => readServerClock(answerAt(Date.now())));

  test('is followed where this device is an hour behind or ahead', () => {
    readServerClock(answerAt(Date.now() + 3_600_000));
    expect(Math.abs(aheadBy() - 3_600_000)).toBeLessThan(2000);
    readServerClock(answerAt(Date.now() - 3_600_000));
    expect(Math.abs(aheadBy() + 3_600_000)).toBeLessThan(2000);
  });

  test("is this device's own where they agree", () => {
    expect(Math.abs(aheadBy())).toBeLessThan(50);
  });

  test('is not changed by an answer without a date', () => {
    readServerClock(answerAt(Date.now() + 3_600_000));
    readServerClock(new Response(null));
    expect(aheadBy()).toBeGreaterThan(3_500_000);
  });
});
