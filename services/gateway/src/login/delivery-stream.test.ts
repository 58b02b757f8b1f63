import type { DeliveryEvent } from '@latchkey/contracts';
import { describe, expect, it } from 'vitest';
import { pastOf } from './delivery-stream.ts';

const [sms, email] = ['01a20d7f-b25a-7867-be05-cb22a0f51cef', '01a20d7f-b25a-7867-be05-cb22a0f51cf0'];
const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const state = (name: DeliveryEvent['state'], second: number, methodId = sms): DeliveryEvent => ({ methodId, state: name, at: at(second) });
const queued = (second: number, methodId = sms) => ({ methodId, at: at(second) });
const told = (past: DeliveryEvent[]) => past.map((event) => `${event.methodId === sms ? 'sms' : 'email'} ${event.state} ${Number(event.at.slice(17, 19))}`);

describe('the past of an attempt', () => {
  it('is nothing when nothing was sent', () => {
    expect(pastOf([], [])).toEqual([]);
  });

  it('has what was queued, though no worker knows it yet', () => {
    expect(told(pastOf([queued(1)], []))).toEqual(['sms queued 1']);
  });

  it('has a message once that the queue and the ledger both know, though their clocks differ', () => {
    expect(told(pastOf([queued(1)], [state('queued', 2), state('accepted', 3)]))).toEqual(['sms queued 2', 'sms accepted 3']);
  });

  it('has the second of two sends that did not reach the ledger', () => {
    expect(told(pastOf([queued(1), queued(30)], [state('queued', 1), state('accepted', 2)]))).toEqual(['sms queued 1', 'sms accepted 2', 'sms queued 30']);
  });

  it('counts each method for itself', () => {
    expect(told(pastOf([queued(1), queued(5, email), queued(9)], [state('queued', 5, email), state('queued', 1), state('failed', 6, email)]))).toEqual(['sms queued 1', 'email queued 5', 'email failed 6', 'sms queued 9']);
  });

  it('has what the ledger knows and auth forgot', () => {
    expect(told(pastOf([], [state('queued', 1), state('expired', 9)]))).toEqual(['sms queued 1', 'sms expired 9']);
  });

  it('is in the order of time, and of the ledger where times are the same', () => {
    expect(told(pastOf([queued(4)], [state('queued', 2), state('accepted', 2), state('delivered', 3)]))).toEqual(['sms queued 2', 'sms accepted 2', 'sms delivered 3']);
  });
});
