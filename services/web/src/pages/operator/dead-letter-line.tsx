import { Checkbox } from '@mantine/core';
import { Link } from 'wouter';
import { serverNow } from '../../api/server-clock.ts';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { momentWords } from '../provider/moment-words.ts';
import { numberWords } from './figures.ts';
import type { DeadLetter } from './operator-api.ts';
import classes from './operator.module.css';

const words = operatorTexts.dead;

interface DeadLetterLineProps {
  letter: DeadLetter;
  marked: boolean;
  expired: boolean;
  onMark: (on: boolean) => void;
}

/** One dead letter: what it was, why it died, and, unfolded, what is in it. */
export function DeadLetterLine({ letter, marked, expired, onMark }: DeadLetterLineProps) {
  const { id, event, reason, tries, diedAt, correlationId, expiresAt, bytes, contents, history } = letter;
  const moment = (at: string) => momentWords(at, serverNow());
  const what = event ?? words.foreign;
  const facts = [diedAt ? words.died(moment(diedAt)) : words.diedUnknown, words.tries(tries), operatorTexts.units.bytes(numberWords(bytes)), expiresAt && !expired && words.expires(moment(expiresAt))];
  return (
    <>
      <div className={classes.head}>
        <Checkbox aria-label={words.choose(`${what} ${id}`)} checked={marked} onChange={(change) => onMark(change.currentTarget.checked)} />
        <span className={classes.name}>{what}</span>
        {correlationId && (
          <Link to={`/operator/stories?id=${correlationId}`} className={classes.link} aria-label={words.storyOf(id)}>
            {words.story}
          </Link>
        )}
      </div>
      <div className={classes.state} data-tone="bad">
        {reason}
      </div>
      <div className={classes.dimmed}>{facts.filter(Boolean).join(' · ')}</div>
      {expired && <div className={classes.dimmed}>{words.expired}</div>}
      <details className={classes.details}>
        <summary>{words.details}</summary>
        <div className={classes.dimmed}>
          {words.id} {id}
        </div>
        <h4>{words.contents}</h4>
        {contents ? <pre className={classes.contents}>{JSON.stringify(contents, null, 2)}</pre> : <div className={classes.dimmed}>{words.noContents}</div>}
        <h4>{words.history}</h4>
        {history.length === 0 && <div className={classes.dimmed}>{words.noHistory}</div>}
        <ol className={classes.steps}>
          {history.map((step, index) => (
            <li key={`${step.at} ${index}`}>
              <span className={classes.dimmed}>{moment(step.at)}</span> {step.reason}
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
