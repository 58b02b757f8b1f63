import { expect, it } from 'vitest';
import { composeMail } from './compose-mail.ts';
import { emailSender, textSenders } from './sender.ts';

const fromLine = async (from: string) => {
  const mime = await composeMail({ channel: 'email', to: 'anna@customers.example', subject: 'x', text: 'x', html: 'x', messageId: '0199-a' }, from);
  return mime.toString().split('\r\n\r\n', 1)[0]?.replace(/\r\n[ \t]/g, ' ').split('\r\n').filter((line) => /^(from|bcc|to):/i.test(line));
};

it('an email comes from the provider’s name, at its own address or else the platform’s', async () => {
  expect(await fromLine(emailSender('Demo Security', undefined, 'Latchkey <no-reply@latchkey.example>'))).toEqual(['From: Demo Security <no-reply@latchkey.example>', 'To: anna@customers.example']);
  expect(await fromLine(emailSender('Demo Security', 'codes@demo.example', 'no-reply@latchkey.example'))).toContain('From: Demo Security <codes@demo.example>');
});

it.each(['not an address', 'a@b.example, c@d.example', 'x@y.example>\r\nBcc: z@y.example'])('%j is no address to send from', async (own) => {
  expect(await fromLine(emailSender('Demo', own, 'no-reply@latchkey.example'))).toEqual(['From: Demo <no-reply@latchkey.example>', 'To: anna@customers.example']);
});

it.each(['Evil\r\nBcc: x@y.example', 'Evil" <evil@y.example>, "', 'Evil <evil@y.example>', 'Größte, Gesellschaft; \\"für" @alle'])('the name %j adds no recipient and no other sender', async (name) => {
  const lines = await fromLine(emailSender(name, undefined, 'no-reply@latchkey.example'));
  expect(lines).toHaveLength(2);
  expect(lines?.[0]).toMatch(/^From: .* <no-reply@latchkey\.example>$/);
});

it.each([
  ['DemoSecure', 'DemoSecure'],
  ['+4366012345', '+4366012345'],
  ['24680', '24680'],
  ['Twelve12Sign', 'LATCHKEY'],
  ['Demo Security', 'LATCHKEY'],
  ['Größe', 'LATCHKEY'],
  ['', 'LATCHKEY'],
  [undefined, 'LATCHKEY'],
])('a text with the provider’s sender %j comes from %s', (own, sender) => {
  expect(textSenders(own, 'LATCHKEY')[0]).toBe(sender);
});
