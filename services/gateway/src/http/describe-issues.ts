/** As the Standard Schema has it; `code` and `keys` are zod's. */
interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  code?: string;
  keys?: readonly string[];
}

const mostIssues = 20;
const longestPath = 200;

/** Where a body is wrong and why, never what it held; a field that does not belong there is named by its own path. */
export function describeIssues(issues: readonly Issue[]): { path: string; message: string }[] {
  return issues
    .flatMap(({ path = [], message, code, keys }) => {
      const parts = path.map((part) => String(typeof part === 'object' ? part.key : part));
      return code === 'unrecognized_keys' && keys ? keys.map((key) => ({ parts: [...parts, key], message: 'there is no such field' })) : [{ parts, message }];
    })
    .slice(0, mostIssues)
    .map(({ parts, message }) => ({ path: parts.join('.').slice(0, longestPath), message }));
}
