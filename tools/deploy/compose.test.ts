import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig as readInboxConfig } from '../../services/inbox/src/config.ts';
import { rootDirectory } from '../paths.ts';
import { composeFile, type ComposeService, composeText, programOf } from './compose.ts';
import { defaultOf, environmentProblems, isSecret, programs } from './programs.ts';

const read = (path: string) => readFileSync(join(rootDirectory, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
let folder: string;
let fromSecrets: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-secrets-'));
  execFileSync('sh', [join(rootDirectory, 'deploy/docker/make-secrets.sh'), folder]);
  fromSecrets = Object.fromEntries(readFileSync(join(folder, 'compose.env'), 'utf8').trim().split('\n').map((line) => line.split('=') as [string, string]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const entries = (profile?: string): [string, ComposeService][] =>
  Object.entries(composeFile().services).filter(([, { profiles }]) => (profile === undefined ? profiles === undefined : profiles?.includes(profile)));
const everything = entries('everything');
const once = everything.filter(([, { restart }]) => restart === 'no');
const lasting = everything.filter(([, { restart }]) => restart !== 'no');
const ours = everything.flatMap(([name, service]) => {
  const program = programOf(service);
  return program === undefined || program === 'inbox' ? [] : [{ name, service, program }];
});

it('the file follows the schema of the Compose specification', () => {
  // `id` is a word of drafts before the one that the schema means by its `$schema`.
  const schema = JSON.parse(read('tools/deploy/schemas/compose-spec.json'), (key, value: unknown) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value)) as object;
  const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  // The name of a project is younger than the schema.
  const { name, ...file } = composeFile();
  expect(name).toBe('latchkey');
  validate(file);
  expect(validate.errors).toBeNull();
  validate({ services: { one: { imag: 'typing error' } } });
  expect(validate.errors).not.toBeNull();
});

it('without a profile it is the three backing parts that npm start starts, with the variables that it gives', () => {
  expect(entries().map(([name]) => name).sort()).toEqual(['postgres', 'rabbitmq', 'redis']);
  const given = [...read('tools/stack/docker-part.ts').matchAll(/`(LATCHKEY_\w+)=\$/g)].map(([, name]) => name!);
  expect(given.length).toBeGreaterThan(5);
  const text = composeText();
  expect(given.filter((name) => !text.includes(`\${${name}:-`))).toEqual([]);
});

it('everything is every process of the system, each with a health check, limits and a restart', () => {
  expect(lasting.map(([name]) => name).sort()).toEqual(['auth', 'code-issuance', 'delivery-email', 'delivery-sms', 'device-trust', 'gateway', 'inbox']);
  for (const [, service] of [...lasting, ...entries(), ...entries('observability')]) {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.deploy?.resources.limits).toMatchObject({ cpus: expect.any(String) as string, memory: expect.any(String) as string });
    expect(service.restart).toBe('unless-stopped');
  }
});

it('whatever keeps a schema is migrated first, once', () => {
  const migrations = once.filter(([, { command }]) => command?.[1] === 'migrate');
  const owners = Object.entries(programs).filter(([, { shape }]) => 'LATCHKEY_DATABASE_URL' in shape).map(([program]) => program);
  expect(migrations.map(([, service]) => programOf(service)).sort()).toEqual(owners.sort());
  for (const { name, program, service } of ours.filter(({ name }) => !name.startsWith('migrate-') && name !== 'gateway')) {
    expect(service.depends_on, name).toMatchObject({ [`migrate-${program}`]: { condition: 'service_completed_successfully' } });
  }
  const known = Object.keys(composeFile().services);
  for (const [, { depends_on = {} }] of everything) expect(known).toEqual(expect.arrayContaining(Object.keys(depends_on)));
});

it('all but those with a port for people can run many times', () => {
  const fixed = lasting.filter(([, { ports, container_name }]) => ports !== undefined || container_name !== undefined);
  expect(fixed.map(([name]) => name).sort()).toEqual(['gateway', 'inbox']);
  for (const [, { ports = [] }] of Object.entries(composeFile().services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

describe.each(ours)('$name', ({ name, program, service }) => {
  const inside = (environment: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, value.replace('/run/secrets', folder)]));

  it('is given settings that it has, all that it needs, with the secrets that make-secrets.sh makes', () => {
    const environment = composeFile(fromSecrets).services[name]!.environment;
    expect(environmentProblems(program, inside(environment))).toEqual([]);
  });

  it('gets its secrets by file, and no others than it reads', () => {
    expect(Object.keys(service.environment ?? {}).filter(isSecret)).toEqual([]);
    const files = Object.values(service.environment ?? {}).filter((value) => value.startsWith('/run/secrets/'));
    expect([...(service.secrets ?? [])].sort()).toEqual(files.map((file) => file.slice('/run/secrets/'.length)).sort());
  });

  it('runs the image of this version, which it cannot write to and which gives it no rights', () => {
    expect(service).toMatchObject({ image: `latchkey:${version}`, read_only: true, cap_drop: ['ALL'], build: { dockerfile: 'deploy/docker/Dockerfile', target: 'latchkey' } });
  });

  it('is asked for its health where it answers', () => {
    if (service.restart === 'no') expect(service.command?.[1]).toBe('migrate');
    else expect(service.healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${String(defaultOf(program, 'LATCHKEY_INTERNAL_PORT'))}/health/ready`);
  });
});

it('the gateway and the inbox are published at the ports they listen on', () => {
  const { gateway, inbox } = composeFile().services;
  expect(gateway!.ports).toEqual([`127.0.0.1:8080:${String(defaultOf('gateway', 'LATCHKEY_HTTP_PORT'))}`]);
  const { port, internalPort } = readInboxConfig(inbox!.environment);
  expect(inbox!.ports).toEqual([`127.0.0.1:8025:${port}`]);
  expect(inbox!.healthcheck?.test.at(-1)).toContain(`:${internalPort}/health/ready`);
  expect(composeFile().services['delivery-sms']!.environment).toMatchObject({ AWS_ENDPOINT_URL_SNS: `http://inbox:${port}`, AWS_ENDPOINT_URL_SES: `http://inbox:${port}` });
});

it('each secret is a file that make-secrets.sh makes, in a folder for its owner alone, and stays when it is run again', () => {
  const { secrets, services } = composeFile({ LATCHKEY_SECRETS: folder });
  const used = new Set(Object.values(services).flatMap((service) => service.secrets ?? []));
  expect(new Set(Object.keys(secrets))).toEqual(used);
  const before = Object.values(secrets).map(({ file }) => readFileSync(file, 'utf8'));
  expect(new Set(before).size).toBe(before.length);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'compose.env')).mode & 0o777).toBe(0o600);
  execFileSync('sh', [join(rootDirectory, 'deploy/docker/make-secrets.sh'), folder]);
  expect(Object.values(secrets).map(({ file }) => readFileSync(file, 'utf8'))).toEqual(before);
});

it('every file and folder that is mounted is there', () => {
  const mounted = [...entries(), ...everything, ...entries('observability')].flatMap(([, { volumes = [] }]) => volumes).filter((volume) => volume.startsWith('./'));
  expect(mounted.length).toBeGreaterThan(2);
  expect(mounted.filter((volume) => !existsSync(join(rootDirectory, volume.split(':')[0]!)))).toEqual([]);
});
