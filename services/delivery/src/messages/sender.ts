import { z } from 'zod';
import { addressOf } from '../providers/compose-mail.ts';
import { oneLine } from './clean-words.ts';

/**
 * The `From` of a provider's emails: its brand name, and its own address where it has one (one that its domain lets this
 * platform send from), else the platform's.
 */
export function emailSender(brandName: string, ownAddress: string | undefined, platformFrom: string): string {
  const address = ownAddress && z.email().safeParse(ownAddress).success ? ownAddress : addressOf(platformFrom);
  const name = oneLine(brandName).replace(/["\\]/g, '\\$&');
  return name ? `"${name}" <${address}>` : address;
}

/** A number or short code, or up to eleven letters and digits with a letter among them, as networks allow. */
const textSenderPattern = /^(\+?\d{3,15}|(?=\d*[a-z])[a-z\d]{1,11})$/i;

/** From whom a provider's texts come: its own sender where that is one, else the platform's. */
export const textSender = (own: string | undefined, platform: string | undefined): string | undefined => (own && textSenderPattern.test(own) ? own : platform);
