import type { DeliveryState } from '@latchkey/contracts';
import { pageTexts } from '../../texts/page-texts.ts';
import classes from './delivery-status.module.css';
import type { DeliveryNews } from './use-delivery.ts';

interface DeliveryStatusProps {
  kind: 'sms' | 'email';
  event: DeliveryNews | undefined;
  /** The live news have stopped for now; what is shown may be old. */
  interrupted: boolean;
}

/** How far each state has come along the way queued, with the carrier, delivered. */
const reached: Record<DeliveryState, number> = { queued: 1, accepted: 2, delivered: 3, failed: 3, unknown: 2, expired: 1 };

/** What really happened to the code so far, as a line and as words; screen readers hear each change. */
export function DeliveryStatus({ kind, event, interrupted }: DeliveryStatusProps) {
  const state = event?.state ?? 'queued';
  const bad = state === 'failed' || state === 'expired';
  return (
    <div className={classes.place}>
      <div className={classes.way} data-state={state} data-bad={bad || undefined} aria-hidden="true">
        {[1, 2, 3].map((step) => (
          <span key={step} data-reached={step <= reached[state] || undefined} />
        ))}
      </div>
      <div role="status" data-state={state} className={bad ? classes.bad : classes.words}>
        {pageTexts.enterCode.delivery[state][kind]}
        {event?.suggestion && ` ${pageTexts.enterCode.suggestions[event.suggestion]}`}
        {interrupted && ` ${pageTexts.enterCode.notLive}`}
      </div>
    </div>
  );
}
