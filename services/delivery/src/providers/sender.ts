import { z } from 'zod';
import { oneLine } from '../messages/clean-words.ts';
import { addressOf } from './compose-mail.ts';
import type { OutgoingMessage, ProviderAnswer } from './provider.ts';

/**
 * The `From` of a provider's emails: its brand name, and its own address where it has one (one that its domain lets this
 * platform send from), else the platform's.
 */
export function emailSender(brandName: string, ownAddress: string | undefined, platformFrom: string): string {
  const address = ownAddress && z.email().safeParse(ownAddress).success ? ownAddress : addressOf(platformFrom);
  const name = oneLine(brandName).replace(/["\\]/g, '\\$&');
  return name ? `"${name}" <${address}>` : address;
}

/** Who an email comes from, best first: the service provider's own address, then the platform's, both under its brand name. */
export function emailSenders({ sender, brand }: Extract<OutgoingMessage, { channel: 'email' }>, platformFrom: string): string[] {
  if (brand === undefined) return [platformFrom];
  const platform = emailSender(brand, undefined, platformFrom);
  return [...new Set([emailSender(brand, sender, platformFrom), platform])];
}

/** A number or short code, or up to eleven letters and digits with a letter among them, as networks allow. */
const textSenderPattern = /^(\+?\d{3,15}|(?=\d*[a-z])[a-z\d]{1,11})$/i;

/** From whom a service provider's texts come, best first: its own sender where that is one, then the platform's. */
export const textSenders = <Platform>(own: string | undefined, platform: Platform, pattern = textSenderPattern): (string | Platform)[] =>
  own && pattern.test(own) && own !== platform ? [own, platform] : [platform];

/** What a vendor says to a message from one sender; `refused`: it surely was not sent, and another sender may be allowed. */
export interface SenderAnswer {
  answer: ProviderAnswer;
  refused: boolean;
}

/** Asks as the first sender that the vendor lets us send as. */
export async function askAs<Sender>(senders: readonly Sender[], ask: (sender: Sender) => Promise<SenderAnswer>): Promise<ProviderAnswer> {
  for (const sender of senders.slice(0, -1)) {
    const { answer, refused } = await ask(sender);
    if (!refused) return answer;
  }
  return (await ask(senders.at(-1) as Sender)).answer;
}
