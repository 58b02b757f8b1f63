import type { Channel, NoticeKind } from '@latchkey/contracts';
import { oneLine, plainWords, webAddress } from './clean-words.ts';
import type { Email } from './code-message.ts';
import { layOut } from './email-layout.ts';
import type { NoticeArguments, TextNoticeKind } from './notices.ts';
import { firstThatFits, shortened } from './one-segment.ts';
import { layouts, lookOf, type Presentation, type Speech, speechOf } from './presentation.ts';

/** A notice in the words of a channel, as an outgoing message takes them. */
export function renderNotice<K extends TextNoticeKind>(channel: 'sms', kind: K, told: NoticeArguments[K], presentation: Presentation): { text: string };
export function renderNotice<K extends NoticeKind>(channel: 'email', kind: K, told: NoticeArguments[K], presentation: Presentation): Email;
export function renderNotice(channel: Channel, kind: NoticeKind, told: NoticeArguments[NoticeKind], presentation: Presentation): { text: string } | Email {
  const speech = speechOf(presentation);
  const values = valuesOf(told, speech);
  if (channel === 'email') return noticeEmail(kind, values, speech, presentation);
  if (!isTextNotice(kind)) throw new Error(`${kind} goes by email only`);
  return { text: noticeText(kind, values, speech) };
}

/** The arguments of all notices, made fit to be shown. */
function valuesOf(told: NoticeArguments[NoticeKind], speech: Speech) {
  const given = told as Partial<NoticeArguments['new_device'] & NoticeArguments['method_added'] & NoticeArguments['provider_turned_two_factor_off'] & NoticeArguments['recovery_code_used'] & NoticeArguments['policy_changed'] & NoticeArguments['invitation']>;
  const moment = (at?: Date | string) => (at === undefined ? '' : speech.moment(at));
  return {
    brand: speech.brand,
    loginName: oneLine(given.loginName ?? ''),
    device: plainWords(given.device ?? ''),
    ip: oneLine(given.ip ?? ''),
    at: moment(given.at),
    until: moment(given.until),
    method: given.method ?? 'totp',
    hint: oneLine(given.hint ?? ''),
    provider: oneLine(given.provider ?? ''),
    reason: oneLine(given.reason ?? ''),
    account: plainWords(given.account ?? ''),
    left: given.left ?? 0,
    policy: given.policy ?? 'optional',
    by: oneLine(given.by ?? ''),
    contact: oneLine(given.contact ?? ''),
    /** Whether it is a deed of this login's, which its person may not have done. */
    mayObject: given.notMeUrl !== undefined,
    url: webAddress(given.notMeUrl ?? given.url, ['https:', 'http:']),
  };
}
type NoticeValues = ReturnType<typeof valuesOf>;

function noticeEmail(kind: NoticeKind, values: NoticeValues, speech: Speech, { branding }: Presentation): Email {
  const { notices, everyNotice, email } = speech.templates;
  const { brand, url } = values;
  const common = {
    ...lookOf(speech, branding),
    subject: notices[kind].subject(values),
    heading: notices[kind].heading(values),
    intro: notices[kind].body(values),
    preview: notices[kind].body(values),
    facts: factsOf(values, speech),
  };
  const button = (label: string) => (url ? { action: { url, label, line: email.line({ label, value: url }), copyLink: email.copyLink() } } : {});
  if (!isTextNotice(kind)) return layOut(layouts, { ...common, explanations: [], ...button(notices[kind].button()), note: notices[kind].note(values) });
  return layOut(layouts, {
    ...common,
    explanations: [notices[kind].ifYou(), ...(url ? [everyNotice.ifNotYou()] : [])],
    ...button(everyNotice.notMe()),
    footer: everyNotice.footer({ brand }),
  });
}

/** What is known of the event, each with its label. */
function factsOf(values: NoticeValues, { templates: { facts, email } }: Speech) {
  const labelled: [label: string, value: string][] = [
    [facts.loginName(), values.loginName],
    [facts.method(values), values.hint],
    [facts.device(), values.device],
    [facts.ip(), values.ip],
    [facts.at(), values.at],
    [facts.reason(), values.reason],
    [facts.by(), values.by],
    [facts.contact(), values.contact],
  ];
  return labelled.filter(([, value]) => value).map(([label, value]) => ({ label, value, line: email.line({ label, value }) }));
}

/** Phones offer it as a code to whoever is asked for one. */
const offersACode = (text: string): boolean => /\p{Nd}{6}/u.test(text);

/** With fewer letters than this of a name, a text goes without its link rather. */
const readable = 8;

/**
 * A notice that fits one segment: with its link and names as long as there is room; where they would be cut beyond
 * recognition, with advice instead of the link; then the notice alone. What a phone would offer as a code is left out.
 */
function noticeText(kind: TextNoticeKind, values: NoticeValues, { templates: { notices, everyNotice } }: Speech): string {
  const link = values.url ? [everyNotice.smsNotYouLink({ url: values.url })] : [];
  // Who was logged out everywhere asked for it, and what a colleague did is no deed of one's own.
  const ways = values.mayObject ? [...link, everyNotice.smsNotYouAdvice(), ''] : [''];
  const known = values.brand.replace(/\p{Nd}{6,}/gu, ' ').trim();
  const say = (device: string) => notices[kind].sms({ ...values, device });
  function* texts(): Iterable<string> {
    for (const way of ways)
      for (const [brand, device] of shortened([known, values.device] as const, way === '' ? 1 : readable))
        yield `${brand ? everyNotice.smsFrom({ brand, text: say(device) }) : say(device)} ${way}`.trim();
  }
  return firstThatFits(texts(), offersACode) ?? say('');
}

export const isTextNotice = (kind: NoticeKind): kind is TextNoticeKind => kind !== 'invitation' && kind !== 'forgotten_password';
