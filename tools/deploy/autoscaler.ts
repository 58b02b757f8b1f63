/** The part of a ScaledObject (KEDA) and of the HorizontalPodAutoscaler that it makes which decides how many pods there are. */
export type ScaledObject = {
  minReplicaCount: number;
  maxReplicaCount: number;
  /** Seconds between two looks at the triggers. */
  pollingInterval: number;
  advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: Behavior; scaleDown: Behavior } } };
  triggers: Trigger[];
};

type Behavior = { stabilizationWindowSeconds: number; policies: { type: 'Pods'; value: number; periodSeconds: number }[] };
/** `Value` is compared as it is; anything else is a sum that is shared among the pods. */
export type Trigger = { type: string; metricType?: 'Value' | 'AverageValue'; metadata: Record<string, string> };

/** What changes less than this share is left alone (--horizontal-pod-autoscaler-tolerance). */
const tolerance = 0.1;

/** Decides as the autoscaler of Kubernetes does (autoscaling/v2: algorithm details, scaling policies, stabilization window). */
export class Autoscaler {
  private readonly scaled: ScaledObject;
  private wanted: { at: number; count: number }[] = [];
  private changes: { at: number; by: number }[] = [];

  constructor(scaled: ScaledObject) {
    this.scaled = scaled;
  }

  /**
   * @param values of the triggers, in their order.
   * @param now seconds, of any clock that only goes forward.
   * @returns how many pods there are to be from now on.
   */
  decide(values: readonly number[], current: number, now: number): number {
    const { minReplicaCount, maxReplicaCount, triggers } = this.scaled;
    const { scaleUp, scaleDown } = this.scaled.advanced.horizontalPodAutoscalerConfig.behavior;
    const wanted = Math.max(...triggers.map((trigger, index) => wantedBy(trigger, values[index] ?? 0, current)));
    this.wanted = [...this.wanted.filter(({ at }) => at > now - Math.max(scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds)), { at: now, count: wanted }];
    const within = (seconds: number) => this.wanted.filter(({ at }) => at >= now - seconds).map(({ count }) => count);
    // Up goes what was wanted all the while, down what nobody wanted any more all the while.
    const up = Math.min(...within(scaleUp.stabilizationWindowSeconds));
    const down = Math.max(...within(scaleDown.stabilizationWindowSeconds));
    const target = Math.min(maxReplicaCount, Math.max(minReplicaCount, up > current ? up : down < current ? down : current));
    const next = target > current ? Math.min(target, current + this.room(scaleUp, 1, now)) : Math.max(target, current - this.room(scaleDown, -1, now));
    if (next !== current) this.changes.push({ at: now, by: next - current });
    return next;
  }

  /** Pods that the policies still allow to come (1) or go (-1); of several the one that allows most. */
  private room({ policies }: Behavior, direction: 1 | -1, now: number): number {
    const changed = (seconds: number) => this.changes.filter(({ at, by }) => at > now - seconds && Math.sign(by) === direction).reduce((sum, { by }) => sum + Math.abs(by), 0);
    return Math.max(0, ...policies.map(({ value, periodSeconds }) => value - changed(periodSeconds)));
  }
}

function wantedBy({ metricType, metadata }: Trigger, value: number, current: number): number {
  const target = Number(metadata['value'] ?? metadata['threshold']);
  const ratio = metricType === 'Value' ? value / target : value / (target * current);
  if (Math.abs(1 - ratio) <= tolerance) return current;
  return Math.ceil(metricType === 'Value' ? current * ratio : value / target);
}
