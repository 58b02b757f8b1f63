/** The last four digits of a phone number: enough to recognise it, not enough to call it. */
export const maskPhoneNumber = (number: string): string => `•••• ${number.slice(-4)}`;

/** First letter and domain of an address. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}•••@${address.slice(at + 1)}`;
}
