import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeIssues } from './describe-issues.ts';

const schema = z.strictObject({ name: z.string(), list: z.array(z.strictObject({ id: z.uuid() })) });
const issuesOf = (value: unknown) => describeIssues(schema.safeParse(value).error?.issues ?? []);

it('names each field by its path, also within lists', () => {
  expect(issuesOf({ name: 7, list: [{ id: 'x' }, 8] }).map(({ path }) => path)).toEqual(['name', 'list.0.id', 'list.1']);
});

it('names each field that does not belong there', () => {
  expect(issuesOf({ name: 'a', list: [{ id: '01a20d7f-b25a-7867-be05-cb22a0f51cef', role: 'x' }], admin: true, root: 1 })).toEqual([
    { path: 'list.0.role', message: 'there is no such field' },
    { path: 'admin', message: 'there is no such field' },
    { path: 'root', message: 'there is no such field' },
  ]);
});

it('never says what a field held', () => {
  expect(JSON.stringify(issuesOf({ name: ['hunter2'], list: [{ id: 'hunter2' }, 'hunter2'] }))).not.toContain('hunter2');
});

it('stays short, whatever is sent', () => {
  const issues = issuesOf(Object.fromEntries(Array.from({ length: 500 }, (_value, index) => [`${'x'.repeat(1_000)}${index}`, 1])));
  expect(issues).toHaveLength(20);
  expect(JSON.stringify(issues).length).toBeLessThan(6_000);
});

it('understands paths of other schema libraries', () => {
  expect(describeIssues([{ message: 'no', path: [{ key: 'a' }, 0, Symbol.for('b')] }, { message: 'none' }])).toEqual([{ path: 'a.0.Symbol(b)', message: 'no' }, { path: '', message: 'none' }]);
});
