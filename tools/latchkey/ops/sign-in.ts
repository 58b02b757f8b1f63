import { createInterface } from 'node:readline/promises';
import { asFailure, createLatchkeyClient, type LatchkeyClient, RequestFailed, type Schemas } from '@latchkey/client';
import { askHidden } from '@latchkey/platform';
import { SetupFailure } from '../../failure.ts';
import { tokensInFile } from './session-file.ts';

type CodeRequired = Schemas['CodeRequired'];

/** An operator's login as in a browser: name, password, and a code where two-factor is on. */
export async function signIn(baseUrl: string, loginName: string): Promise<void> {
  const client = createLatchkeyClient({ baseUrl, tokens: tokensInFile(baseUrl) });
  const lines = process.stdin.isTTY ? undefined : answersOf(process.stdin);
  const ask = async (question: string) => {
    const answer = lines ? (await lines.next()).value : await askHidden(question);
    if (answer === undefined) throw new SetupFailure(lines ? `The standard input has no line for "${question.trim()}".` : 'Broken off.');
    return answer;
  };
  const login = await client.post('/v1/login', { body: { loginName, password: await ask(`Password for ${loginName}: `), deviceName: 'npx latchkey' } });
  if (login.status === 'code_required') await enterCode(client, login, ask);
}

async function enterCode(client: LatchkeyClient, { attempt, methods, sent }: CodeRequired, ask: (question: string) => Promise<string>): Promise<void> {
  const method = methods.find(({ id }) => id === sent?.methodId) ?? methods[0];
  if (!method) throw new SetupFailure('This login has no method for a code here: sign in with a browser.');
  for (;;) {
    const code = (await ask(`Code (${method.kind} ${method.hint}): `)).replaceAll(/\s/g, '');
    try {
      await client.post('/v1/login/verify-code', { body: { attempt, methodId: method.id, code } });
      return;
    } catch (error) {
      const failure = asFailure(error);
      if (!(error instanceof RequestFailed) || failure.code !== 'wrong_code' || !process.stdin.isTTY) throw error;
      console.error(`Wrong code, ${failure.attemptsLeft ?? 0} tries left.`);
    }
  }
}

const answersOf = (input: NodeJS.ReadableStream) => createInterface({ input })[Symbol.asyncIterator]();
