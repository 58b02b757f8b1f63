import { describe, expect, test } from 'vitest';
import { asFailure, failureOf, RequestFailed } from './request-failed.ts';

const problem = (status: number, body: object, headers: Record<string, string> = {}) => failureOf(new Response(null, { status, headers }), body);

describe('a refusal by the API', () => {
  test('keeps its code and what goes with it', () => {
    const failure = problem(401, { code: 'wrong_code', attemptsLeft: 3, title: 'x', status: 401 });
    expect(failure).toBeInstanceOf(RequestFailed);
    expect(failure).toMatchObject({ code: 'wrong_code', attemptsLeft: 3, issues: [] });
  });

  test('names the wait of its body, or else of its header', () => {
    const inBody = problem(429, { code: 'locked', retryAfterSeconds: 90 }, { 'Retry-After': '120' });
    expect(inBody.retryAfterSeconds).toBe(90);
    const inHeader = problem(503, { code: 'unavailable' }, { 'Retry-After': '5' });
    expect(inHeader.retryAfterSeconds).toBe(5);
    const nowhere = problem(503, { code: 'unavailable' });
    expect(nowhere.retryAfterSeconds).toBeUndefined();
  });

  test.each([
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [500, 'internal_error'],
    [429, 'too_many_requests'],
    [401, 'not_signed_in'],
    [404, 'not_found'],
  ])("a proxy's page with status %i counts as %s", (status, code) => {
    const response = new Response('<html>Bad gateway</html>', { status, headers: { 'Retry-After': '7' } });
    expect(failureOf(response, null)).toMatchObject({ code, retryAfterSeconds: 7 });
  });

  test('a fault of the page is not taken for an answer of the API', () => {
    expect(asFailure(new TypeError('x is not a function')).code).toBe('internal_error');
    const failure = new RequestFailed('network_lost');
    expect(asFailure(failure)).toBe(failure);
  });
});
