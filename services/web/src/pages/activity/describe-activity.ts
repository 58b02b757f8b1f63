import type { Activity } from '@latchkey/contracts';
import type { ActivityFacts } from '../../texts/facts.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { isOnlySending, type Story } from '../../components/timeline/stories.ts';

const words = pageTexts.activity;

/** A line as a sentence. */
export const describeActivity = (line: Activity): string => words.kinds[line.kind](factsOf(line));

/** What a story came to, as a sentence. */
export function describeStory(story: Story): string {
  return isOnlySending(story) ? words.codeSent(factsOf(story.lines[0] ?? story.outcome)) : describeActivity(story.outcome);
}

/** From where it was done, by whom if not by the person, and why if somebody wrote that. */
export function circumstancesOf({ lines, outcome }: Story): string[] {
  const device = outcome.device ?? lines.find((line) => line.device)?.device;
  const ip = outcome.ip ?? lines.find((line) => line.ip)?.ip;
  // A sentence about the device has its name already.
  const aboutDevice = outcome.kind.startsWith('device_');
  return [aboutDevice ? '' : (device?.name ?? ''), ip ? pageTexts.devices.from(ip) : '', doneBy(outcome), reasonOf(outcome)].filter(Boolean);
}

function doneBy({ by }: Activity): string {
  if (by.kind === 'self' || by.kind === 'system') return '';
  return words.by[by.kind](by.name ?? words.bySomebody[by.kind]);
}

/** Only where a person wrote it; the other reasons are words of the program, and in the sentence. */
function reasonOf({ kind, by, reason }: Activity): string {
  return kind === 'two_factor_off' && by.kind !== 'self' && reason ? words.reasonGiven(reason) : '';
}

function factsOf({ method, channel, assurance, newDevice, attemptsLeft, reason, device }: Activity): ActivityFacts {
  // An authenticator app's hint is its name.
  const hint = method && method.kind !== 'totp' && method.kind !== 'recovery_code' ? ` ${method.hint}` : '';
  return {
    method: method && words.methods[method.kind] + hint,
    methodKind: method?.kind,
    channel,
    assurance,
    newDevice: newDevice ?? false,
    attemptsLeft,
    reason,
    device: device?.name,
  };
}
