import { beforeAll, expect, it } from 'vitest';
import { type ApiClient, demoPassword } from './api-client.ts';
import { newClient, system } from './demo.ts';
import { type Column, columns, type Row, rolesDocument, rows } from './roles-table.ts';
import { requestOf, spends } from './roles-requests.ts';
import { type Actor, makeActor, makeWorld, type World } from './roles-world.ts';

let world: World;
const standing = new Map<Column, Actor>();
beforeAll(async () => {
  world = await makeWorld();
});

/** Whoever only looks is the same one in every row; a row that ends sessions or two-factor gets somebody new. */
async function actorFor(row: Row, column: Column): Promise<Actor> {
  const known = standing.get(column);
  if (known && !spends.has(row.name)) return known;
  const actor = await makeActor(world, column);
  if (!spends.has(row.name)) standing.set(column, actor);
  return actor;
}

async function ask(client: ApiClient, { method, path }: Row, { id, query = '', body, headers = {} }: { id?: string; query?: string; body?: object; headers?: Record<string, string> }) {
  const address = path.replace('{id}', id ?? '') + query;
  if (path !== '/v1/login/events') return client.call(method, address, body, headers);
  // A stream, which has no end to wait for.
  const abort = new AbortController();
  const { status } = await fetch(`${system().baseUrl}${address}`, { headers, signal: abort.signal });
  abort.abort();
  return { status, body: undefined };
}

function codeOf(status: number, column: Column): object {
  if (status === 401) return { code: 'not_signed_in' };
  if (status === 403) return { code: column === 'setup' ? 'two_factor_setup_required' : 'forbidden' };
  return status === 404 ? { code: 'not_found' } : {};
}

it('has every route of the API, and no other', async () => {
  const { paths } = (await newClient().get('/openapi.json')).body as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect([...new Set(rows.map(({ method, path }) => `${method} ${path}`))].sort()).toEqual(documented.sort());
  // Where there is an id, there is also somebody else's.
  const withId = new Set(rows.filter(({ path }) => path.includes('{id}')).map(({ method, path }) => `${method} ${path}`));
  for (const call of withId) expect(rows.some(({ name }) => name.startsWith(`${call} : `)), call).toBe(true);
});

it('is what docs/roles.md says', async () => {
  await expect(rolesDocument()).toMatchFileSnapshot('../docs/roles.md');
});

it.each(rows)('$name', async (row) => {
  const answers = {} as Record<Column, { status: number; body: any }>;
  for (const column of columns) {
    const actor = await actorFor(row, column);
    const client = actor.client.clone();
    answers[column] = await ask(client, row, await requestOf(world, row.name, actor));
  }
  expect(Object.fromEntries(columns.map((column) => [column, answers[column].status]))).toEqual(row.statuses);
  for (const column of columns) {
    if (row.statuses[column] >= 400) expect(answers[column].body, column).toMatchObject(codeOf(row.statuses[column], column));
  }
});

it('left the other tenant as it was', async () => {
  const { client, person, session } = world.stranger;
  expect((await client.get('/v1/session')).body).toMatchObject({ id: session.id, device: { trusted: true } });
  expect((await client.get('/v1/two-factor')).body).toMatchObject({ enabled: true, methods: expect.arrayContaining([expect.objectContaining({ id: person.methodId, default: true })]) });
  expect((await client.post('/v1/login', { loginName: person.loginName, password: demoPassword })).body).toMatchObject({ session: { assurance: 'pwd+trusted_device' } });
});
