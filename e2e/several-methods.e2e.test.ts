import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPassword, type ApiClient } from './api-client.ts';
import { addMethod, codeSentTo, newClient, signIn, wrongCodeFor } from './demo.ts';

const phoneNumber = '+14155550188';
const emailAddress = 'member-of-two@example.com';
let textId: string;
let emailId: string;

beforeAll(async () => {
  const client = newClient();
  await signIn(client, 'member');
  textId = await addMethod(client, { kind: 'sms', phoneNumber });
  const { attempt, texted } = await begin();
  await enter(client, attempt, textId, texted);
  emailId = await addMethod(client, { kind: 'email', emailAddress });
});

afterAll(async () => {
  const client = newClient();
  const { attempt, texted } = await begin();
  await enter(client, attempt, textId, texted);
  await client.post('/v1/two-factor/disable', { password: demoPassword });
});

/** A login that was sent its code by text, the default. */
async function begin() {
  const { code: texted, answer } = await codeSentTo(phoneNumber, () => newClient().post('/v1/login', { loginName: 'member', password: demoPassword }));
  expect(answer.body).toMatchObject({ status: 'code_required', sent: { methodId: textId } });
  return { attempt: answer.body.attempt as string, texted, answer };
}

/** The same login, then also by email; begins anew where both codes are the same, one time in a million. */
async function beginAndSwitch(): Promise<{ attempt: string; texted: string; emailed: string }> {
  const { attempt, texted, answer } = await begin();
  const { code: emailed, answer: switched } = await codeSentTo(emailAddress, () => newClient().post('/v1/login/send-code', { attempt, methodId: emailId }));
  expect(switched).toMatchObject({ status: 202, body: { sent: { methodId: emailId, state: 'queued', expiresAt: answer.body.sent.expiresAt } } });
  return texted === emailed ? beginAndSwitch() : { attempt, texted, emailed };
}

const enter = (client: ApiClient, attempt: string, methodId: string, code: string) => client.post('/v1/login/verify-code', { attempt, methodId, code });

it('the answer to a login offers both methods, hides where they go, and names the default', async () => {
  const { answer } = await begin();
  expect(answer.body.methods).toEqual([
    { id: textId, kind: 'sms', hint: expect.stringMatching(/0188$/), default: true },
    { id: emailId, kind: 'email', hint: expect.stringMatching(/@example\.com$/), default: false },
    { id: expect.any(String), kind: 'recovery_code', hint: '', default: false },
  ]);
  expect(JSON.stringify(answer.body)).not.toMatch(/4155550188|member-of-two/);
});

it('switched to email for one login: the emailed code signs in, and the session says email', async () => {
  const { attempt, emailed } = await beginAndSwitch();
  expect(await enter(newClient(), attempt, emailId, emailed)).toMatchObject({ status: 200, body: { session: { assurance: 'pwd+email' } } });
  const { answer } = await begin();
  expect(answer.body.methods).toContainEqual(expect.objectContaining({ id: textId, default: true }));
});

it.each([
  { what: 'the texted code', typed: 'texted', assurance: 'pwd+sms' },
  { what: 'the emailed code', typed: 'emailed', assurance: 'pwd+email' },
] as const)('$what stays good whichever method the page shows, and the session names the way it really came', async ({ typed, assurance }) => {
  for (const shown of [textId, emailId]) {
    const begun = await beginAndSwitch();
    expect(await enter(newClient(), begun.attempt, shown, begun[typed])).toMatchObject({ status: 200, body: { session: { assurance } } });
    const other = typed === 'texted' ? begun.emailed : begun.texted;
    expect(await enter(newClient(), begun.attempt, shown, other)).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
  }
});

it('switching gives no further tries: both methods count together', async () => {
  const { attempt, texted, emailed } = await beginAndSwitch();
  const wrong = [wrongCodeFor(texted), wrongCodeFor(emailed)].find((code) => code !== texted && code !== emailed) ?? '';
  const left: unknown[] = [];
  for (const methodId of [textId, emailId, textId, emailId, textId]) left.push((await enter(newClient(), attempt, methodId, wrong)).body.attemptsLeft);
  expect(left).toEqual([4, 3, 2, 1, 0]);
  expect(await enter(newClient(), attempt, emailId, emailed)).toMatchObject({ status: 410, body: { code: 'attempt_over' } });
});
