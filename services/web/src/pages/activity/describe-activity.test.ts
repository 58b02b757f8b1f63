import '../../texts/speak-english.ts';
import type { Activity, ActivityKind } from '@latchkey/contracts';
import { http } from '@latchkey/contracts';
import { describe, expect, test } from 'vitest';
import { circumstancesOf, describeActivity, describeStory } from './describe-activity.ts';
import { storiesOf } from '../../components/timeline/stories.ts';

const line = (kind: ActivityKind, more: Partial<Activity> = {}): Activity => ({
  id: kind,
  at: '2026-03-01T10:00:00.000Z',
  kind,
  attemptId: null,
  by: { kind: 'self', name: 'owner' },
  device: null,
  ip: null,
  ...more,
});
const storyOf = (activity: Activity) => {
  const [story] = storiesOf([activity]);
  if (!story) throw new Error('a line is a story');
  return story;
};

describe('activity in words', () => {
  const kinds = http.activity.shape.kind.options;
  test.each(kinds)('%s is a sentence, with nothing known but that', (kind) => {
    for (const sentence of [describeActivity(line(kind)), describeStory(storyOf(line(kind)))]) {
      expect(sentence).toMatch(/^[A-Z“].{5,}$/);
      expect(sentence).not.toMatch(/undefined|null|_|\[object/);
    }
  });

  test.each(['wrong_password', 'new_password_required', 'too_many_requests'])('a refusal for %s says why', (reason) => {
    expect(describeActivity(line('login_refused', { reason }))).not.toBe(describeActivity(line('login_refused')));
  });

  test.each(['wrong_code', 'code_expired', 'attempt_over', 'locked'])('a code that was refused for %s says why', (reason) => {
    expect(describeActivity(line('code_refused', { reason }))).not.toBe(describeActivity(line('code_refused')));
  });

  test('a method is named with where its codes go, an authenticator app by its name alone', () => {
    expect(describeActivity(line('method_added', { method: { kind: 'sms', hint: '•••• 4711' } }))).toBe('A method was added: text message •••• 4711');
    expect(describeActivity(line('method_added', { method: { kind: 'totp', hint: 'Authenticator app' } }))).toBe('A method was added: authenticator app');
  });

  test('what the service provider did is told with its name and its reason', () => {
    const off = line('two_factor_off', { by: { kind: 'provider_staff', name: 'Demo Security' }, reason: 'Lost her phone; called from home', ip: '192.0.2.1' });
    expect(circumstancesOf(storyOf(off))).toEqual(['from 192.0.2.1', 'by Demo Security, your service provider', 'Reason given: Lost her phone; called from home']);
  });

  test('what the person did needs no name, and a program’s reason is no text', () => {
    expect(circumstancesOf(storyOf(line('password_changed', { reason: 'changed', device: { id: null, name: 'Firefox on Linux' } })))).toEqual(['Firefox on Linux']);
  });
});
