import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { requestQueueName } from '@latchkey/messaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breakingChanges } from './generate/breaking-changes.ts';
import { type EventSchema, messageSchemas } from './generate/message-schemas.ts';
import { generate, generatedFiles, publishedSchemas } from './generate.ts';
import { rootDirectory } from './paths.ts';

const files = generatedFiles(rootDirectory);

describe('what is generated is of the code as it is', () => {
  it.each([...files.keys()])('%s', (path) => {
    expect(readFileSync(join(rootDirectory, path), 'utf8'), 'run npm run generate').toBe(files.get(path));
  });

  it('no snapshot of a message is left that the code does not have', () => {
    expect([...publishedSchemas(rootDirectory).keys()]).toEqual([...messageSchemas(requestQueueName).keys()]);
  });
});

it('the messages of the code break none of the published ones', () => {
  expect(breakingChanges(publishedSchemas(rootDirectory), messageSchemas(requestQueueName)), 'run npm run generate, which tells the ways out').toEqual([]);
});

it('no credentials are in the definitions of the broker', () => {
  // Their fields, in whatever part: a routing key may well speak of a password.
  expect(files.get('deploy/rabbitmq/definitions.json')).not.toMatch(/"[^"]*(user|passw|hash)[^"]*":/i);
});

describe('npm run generate, in a copy', () => {
  const snapshot = 'libs/contracts/schemas/v1/code.issued.sms.json';
  let root: string;
  const read = (path: string) => readFileSync(join(root, path), 'utf8');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'latchkey-generate-'));
    for (const [path, content] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** As if an earlier version had published the event otherwise. */
  const publishedOtherwise = (change: (event: EventSchema) => void) => {
    const event = JSON.parse(read(snapshot)) as EventSchema;
    change(event);
    writeFileSync(join(root, snapshot), JSON.stringify(event));
  };

  it('changes nothing when all is current', () => {
    generate(root, { acceptBreaking: false });
    for (const [path, content] of files) expect(read(path)).toBe(content);
  });

  it('takes a compatible change over', () => {
    publishedOtherwise(({ payload }) => delete payload.properties!['locale']!['maxLength']);
    expect(() => generate(root, { acceptBreaking: false })).toThrow('locale: sent with maxLength none, taken with 35');
    publishedOtherwise(({ payload }) => (payload.properties!['locale']!['maxLength'] = 35));
    publishedOtherwise(({ payload }) => (payload.properties!['remark'] = { type: 'string' }));
    generate(root, { acceptBreaking: false });
    expect(read(snapshot)).toBe(files.get(snapshot));
  });

  it('refuses a breaking change, writes nothing, and says who breaks', () => {
    publishedOtherwise(({ payload }) => {
      payload.properties!['remark'] = { type: 'string' };
      payload.required!.push('remark');
    });
    writeFileSync(join(root, 'docs/messages/asyncapi.json'), '');
    const before = read(snapshot);
    expect(() => generate(root, { acceptBreaking: false })).toThrow('v1/code.issued.sms: an older consumer refuses what is published: remark: may be missing');
    expect([read(snapshot), read('docs/messages/asyncapi.json')]).toEqual([before, '']);
  });

  it('takes a breaking change over when told to, and removes what nobody declares', () => {
    publishedOtherwise(({ payload }) => payload.required!.push('remark'));
    const gone = join(root, dirname(snapshot), 'code.issued.pigeon.json');
    cpSync(join(root, snapshot), gone);
    expect(() => generate(root, { acceptBreaking: false })).toThrow('v1/code.issued.pigeon: nobody declares it any more');
    generate(root, { acceptBreaking: true });
    expect(read(snapshot)).toBe(files.get(snapshot));
    expect([...publishedSchemas(root).keys()]).toEqual([...messageSchemas(requestQueueName).keys()]);
  });
});
