declare module 'split-sms' {
  /** Splits a text as phone networks do. */
  const splitSms: { split(text: string): { characterSet: 'GSM' | 'Unicode'; parts: { content: string; length: number; bytes: number }[] } };
  export default splitSms;
}
