import { Link } from 'wouter';
import { serverNow } from '../../api/server-clock.ts';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { momentWords } from '../provider/moment-words.ts';
import { acceptedAfter, deliveredAfter } from './delivery-summary.ts';
import { costWords, spanWords } from './figures.ts';
import type { Delivery } from './operator-api.ts';
import classes from './operator.module.css';

const words = operatorTexts.deliveries;
const tones: Record<Delivery['state'], 'good' | 'bad' | undefined> = { asking: undefined, retrying: undefined, accepted: 'good', delivered: 'good', failed: 'bad', expired: 'bad' };

/** One message: where it went, by whom, how long it took, what it cost, and what was tried before. */
export function DeliveryLine({ delivery }: { delivery: Delivery }) {
  const { state, purpose, maskedDestination, channel, provider, country, segments, asks, unknowns, costMicros, failure, earlier, queuedAt, attemptId, loginId } = delivery;
  const [taken, arrived] = [acceptedAfter(delivery), deliveredAfter(delivery)];
  const facts = [
    operatorTexts.channels[channel],
    words.via(provider),
    country,
    segments !== null && channel === 'sms' && words.segments(segments),
    asks !== 1 && words.asks(asks),
    taken !== null && words.taken(spanWords(taken)),
    arrived !== null && words.arrived(spanWords(arrived)),
    costMicros !== null && words.costs(costWords(costMicros)),
  ];
  return (
    <>
      <div className={classes.head}>
        <span className={classes.name}>
          {words.purposes[purpose] ?? words.notice(purpose)} {words.to(maskedDestination)}
        </span>
        <span className={classes.state} data-tone={tones[state]}>
          {words.states[state]}
        </span>
        <Link to={`/operator/stories?id=${attemptId ?? loginId}`} className={classes.link} aria-label={words.storyOf(maskedDestination)}>
          {words.story}
        </Link>
      </div>
      <div className={classes.dimmed}>
        <time dateTime={queuedAt}>{momentWords(queuedAt, serverNow())}</time> · {facts.filter(Boolean).join(' · ')}
      </div>
      {(failure || unknowns > 0) && (
        <div className={classes.state} data-tone="bad">
          {[failure, unknowns > 0 && words.unknownAsks(unknowns)].filter(Boolean).join(' · ')}
        </div>
      )}
      {earlier.length > 0 && (
        <details className={classes.details}>
          <summary>{words.earlier}</summary>
          <ol className={classes.steps}>
            {earlier.map(({ provider: asked, outcome, reason, at }) => (
              <li key={`${at} ${asked}`}>{[momentWords(at, serverNow()), asked, words.earlierOutcomes[outcome] ?? outcome, reason].join(' · ')}</li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}
