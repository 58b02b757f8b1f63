import type { Activity, ActivityKind } from '@latchkey/contracts';
import type { ReactNode } from 'react';
import { clockWords } from '../../time/date-words.ts';
import { AlertIcon } from '../form-icons.tsx';
import { ComputerIcon, EnterIcon, LeaveIcon, LockIcon, PeopleIcon, RecoveryCodeIcon, ShieldIcon, TextMessageIcon } from '../icons.tsx';
import { type Story, toneOf } from './stories.ts';
import classes from './story-line.module.css';

const signs: Record<ActivityKind, () => ReactNode> = {
  login_refused: AlertIcon,
  code_required: TextMessageIcon,
  code_queued: TextMessageIcon,
  code_accepted: TextMessageIcon,
  code_delivered: TextMessageIcon,
  code_failed: AlertIcon,
  code_unknown: TextMessageIcon,
  code_expired: TextMessageIcon,
  code_refused: AlertIcon,
  signed_in: EnterIcon,
  stepped_up: ShieldIcon,
  sessions_ended: LeaveIcon,
  device_trusted: ComputerIcon,
  device_forgotten: ComputerIcon,
  device_secret_reused: AlertIcon,
  method_added: ShieldIcon,
  method_removed: ShieldIcon,
  two_factor_on: ShieldIcon,
  two_factor_off: ShieldIcon,
  two_factor_reset: ShieldIcon,
  recovery_codes_made: RecoveryCodeIcon,
  password_changed: LockIcon,
  password_reset_asked: LockIcon,
  not_me: AlertIcon,
  login_added: PeopleIcon,
  login_invited: PeopleIcon,
  login_removed: PeopleIcon,
};

interface StoryLineProps {
  story: Story;
  /** What its sign is of, where that is not its outcome. */
  kind?: ActivityKind;
  title: string;
  /** Stands on the other side of the title. */
  when?: ReactNode;
  /** From where, by whom, why. */
  facts: string[];
  describe: (line: Activity) => string;
  /** What unfolds the steps; without it they are there at once. */
  unfold?: string;
}

/** One story of a timeline: what it came to, from where, and the steps to it. Takes the focus when it is the first of those that were loaded. */
export function StoryLine({ story, kind = story.outcome.kind, title, when, facts, describe, unfold }: StoryLineProps) {
  const Sign = signs[kind];
  return (
    <li className={classes.story} data-story={story.id} data-kind={kind} tabIndex={-1}>
      <span className={classes.sign} data-tone={toneOf(kind)}>
        <Sign />
      </span>
      <div className={classes.about}>
        <div className={classes.head}>
          <strong className={classes.what}>{title}</strong>
          {when && <span className={classes.when}>{when}</span>}
        </div>
        {facts.length > 0 && <div className={classes.facts}>{facts.join(' · ')}</div>}
        {story.lines.length > 1 && unfold && (
          <details className={classes.details}>
            <summary>{unfold}</summary>
            <Steps lines={story.lines} describe={describe} />
          </details>
        )}
        {story.lines.length > 1 && !unfold && <Steps lines={story.lines} describe={describe} />}
      </div>
    </li>
  );
}

function Steps({ lines, describe }: { lines: Activity[]; describe: (line: Activity) => string }) {
  return (
    <ol className={classes.steps}>
      {lines.map((line) => (
        <li key={line.id} data-tone={toneOf(line.kind)}>
          <time dateTime={line.at}>{clockWords(line.at, 'medium')}</time>
          <span>{describe(line)}</span>
        </li>
      ))}
    </ol>
  );
}
