import type { Activity, ActivityKind } from '@latchkey/contracts';
import type { ReactNode } from 'react';
import { AlertIcon } from '../../components/form-icons.tsx';
import { ComputerIcon, EnterIcon, LeaveIcon, LockIcon, PeopleIcon, RecoveryCodeIcon, ShieldIcon, TextMessageIcon } from '../../components/icons.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { clockWords } from '../../time/date-words.ts';
import classes from './activity-page.module.css';
import { circumstancesOf, describeActivity, describeStory } from './describe-activity.ts';
import { type Story, toneOf } from './stories.ts';

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

/** One story: what it came to, from where; the steps to it can be unfolded. */
export function StoryLine({ story }: { story: Story }) {
  const { kind } = story.outcome;
  const Sign = signs[kind];
  return (
    <li className={classes.story} data-story={story.id} data-kind={kind} tabIndex={-1}>
      <span className={classes.sign} data-tone={toneOf(kind)}>
        <Sign />
      </span>
      <div className={classes.about}>
        <div className={classes.what}>{describeStory(story)}</div>
        <div className={classes.facts}>
          {[clockWords(story.at), ...circumstancesOf(story)].join(' · ')}
        </div>
        {story.lines.length > 1 && <Steps lines={story.lines} />}
      </div>
    </li>
  );
}

function Steps({ lines }: { lines: Activity[] }) {
  return (
    <details className={classes.details}>
      <summary>{pageTexts.activity.details}</summary>
      <ol className={classes.steps}>
        {lines.map((line) => (
          <li key={line.id} data-tone={toneOf(line.kind)}>
            <time dateTime={line.at}>{clockWords(line.at, 'medium')}</time>
            <span>{describeActivity(line)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
