import type { CodePurpose, NoticeKind } from '@latchkey/contracts';
import { codeEmail, codeText, type Email } from '../code-message.ts';
import { isTextNotice, renderNotice } from '../notice-message.ts';
import type { NoticeArguments } from '../notices.ts';
import type { Presentation } from '../presentation.ts';

const at = '2026-11-24T12:40:00Z';
const until = '2026-11-24T13:10:00Z';
export const demoLink = `https://login.demo.example/not-me#${'K7w_x9Qb3Lr-'.repeat(4).slice(0, 43)}`;

/** One of every notice, as they are told in tests and in the pictures of docs/templates. */
export function everyNotice(url = demoLink): NoticeArguments {
  const deed = { loginName: 'anna', at, device: 'Firefox on Windows', ip: '203.0.113.7', notMeUrl: url };
  return {
    new_device: deed,
    device_secret_reused: deed,
    method_added: { ...deed, method: 'sms', hint: '+1 ••• ••• 0123' },
    method_removed: { ...deed, method: 'email', hint: 'a•••@customers.example' },
    two_factor_on: deed,
    two_factor_off: deed,
    two_factor_reset: deed,
    password_changed: deed,
    provider_turned_two_factor_off: { loginName: 'anna', at, provider: 'Demo Security', reason: 'Phone lost, identity checked at our shop', notMeUrl: url },
    codes_locked: { ...deed, until },
    recovery_code_used: { ...deed, left: 7 },
    recovery_codes_made: deed,
    policy_changed: { ...deed, policy: 'required', by: 'dealer', contact: 'Demo Security, +1 415 555 0100' },
    brand_changed: { ...deed, by: 'dealer' },
    signed_out_everywhere: { loginName: 'anna', at },
    invitation: { loginName: 'anna', account: 'Demo household', url, until },
    forgotten_password: { loginName: 'anna', url, until, ip: '203.0.113.7' },
  };
}

export const codeKinds = ['login', 'step_up', 'confirm_method', 'reset_two_factor'] as const satisfies readonly CodePurpose[];
export const noticeKinds = Object.keys(everyNotice()) as NoticeKind[];
export const textNoticeKinds = noticeKinds.filter(isTextNotice);

export interface SampleMessage {
  kind: CodePurpose | NoticeKind;
  email: Email;
  /** Links to choose a password go by email only. */
  text: string | undefined;
}

/** Every message there is, in one language and under one name. */
export function everyMessage(presentation: Presentation, url = demoLink): SampleMessage[] {
  const notices = everyNotice(url);
  return [
    ...codeKinds.map((purpose) => {
      const wording = { ...presentation, purpose, expiresAt: '2026-11-24T12:50:00Z' };
      return { kind: purpose, email: codeEmail(wording, '012345', new Date(at)), text: codeText(wording, '012345') };
    }),
    ...noticeKinds.map((kind) => ({
      kind,
      email: renderNotice('email', kind, notices[kind], presentation),
      text: isTextNotice(kind) ? renderNotice('sms', kind, notices[kind], presentation).text : undefined,
    })),
  ];
}
