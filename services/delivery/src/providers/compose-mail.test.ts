import { expect, it } from 'vitest';
import { composeMail } from './compose-mail.ts';

const mail = { channel: 'email', to: 'maria@example.com', subject: '012345 ist Ihr Code für Demo', text: 'Ihr Code: 012345', html: '<p>012345</p>', messageId: '0199-a' } as const;
const headersOf = async (from: string) => (await composeMail(mail, from)).toString().split('\r\n\r\n')[0] ?? '';

it('an email says that a machine wrote it, so that no machine answers (RFC 3834)', async () => {
  const headers = await headersOf('no-reply@latchkey.example');
  expect(headers).toContain('Auto-Submitted: auto-generated');
  expect(headers).toContain('X-Auto-Response-Suppress: All');
  expect(headers).toMatch(/Content-Type: multipart\/alternative/);
});

it('sent again it has the same Message-ID, also with a display name in the sender', async () => {
  expect(await headersOf('no-reply@latchkey.example')).toContain('Message-ID: <0199-a@latchkey.example>');
  expect(await headersOf('Demo Security <no-reply@latchkey.example>')).toContain('Message-ID: <0199-a@latchkey.example>');
});
