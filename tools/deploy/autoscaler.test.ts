import { describe, expect, it } from 'vitest';
import { Autoscaler, type ScaledObject } from './autoscaler.ts';

const scaled: ScaledObject = {
  minReplicaCount: 2,
  maxReplicaCount: 8,
  pollingInterval: 5,
  advanced: {
    horizontalPodAutoscalerConfig: {
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] },
        scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      },
    },
  },
  triggers: [
    { type: 'rabbitmq', metadata: { value: '50' } },
    { type: 'prometheus', metricType: 'Value', metadata: { threshold: '5' } },
  ],
};

describe('an autoscaler', () => {
  it('shares a queue among pods, within its bounds, four more in fifteen seconds', () => {
    const autoscaler = new Autoscaler(scaled);
    expect(autoscaler.decide([0, 0], 2, 0)).toBe(2);
    expect(autoscaler.decide([120, 0], 2, 5)).toBe(3);
    expect(autoscaler.decide([50_000, 0], 3, 10)).toBe(6);
    expect(autoscaler.decide([50_000, 0], 6, 15)).toBe(6);
    expect(autoscaler.decide([50_000, 0], 6, 21)).toBe(7);
    expect(autoscaler.decide([50_000, 0], 7, 40)).toBe(8);
  });

  it('leaves alone what is within a tenth of its aim', () => {
    expect(new Autoscaler(scaled).decide([163, 0], 3, 0)).toBe(3);
    expect(new Autoscaler(scaled).decide([170, 0], 3, 0)).toBe(4);
  });

  it('adds by a value that is too high although the queue is short', () => {
    expect(new Autoscaler(scaled).decide([10, 8], 2, 0)).toBe(4);
  });

  it('goes down one a minute, and not before nobody wanted more for five', () => {
    const autoscaler = new Autoscaler(scaled);
    expect(autoscaler.decide([400, 0], 8, 0)).toBe(8);
    expect(autoscaler.decide([0, 0], 8, 299)).toBe(8);
    expect(autoscaler.decide([0, 0], 8, 301)).toBe(7);
    expect(autoscaler.decide([0, 0], 7, 330)).toBe(7);
    expect(autoscaler.decide([0, 0], 7, 362)).toBe(6);
  });

  it('starts anew with the wait when the queue grows again', () => {
    const autoscaler = new Autoscaler(scaled);
    autoscaler.decide([0, 0], 4, 0);
    expect(autoscaler.decide([0, 0], 4, 301)).toBe(3);
    expect(autoscaler.decide([200, 0], 3, 320)).toBe(4);
    expect(autoscaler.decide([0, 0], 4, 600)).toBe(4);
    expect(autoscaler.decide([0, 0], 4, 621)).toBe(3);
  });
});
