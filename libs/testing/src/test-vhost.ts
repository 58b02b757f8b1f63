import { randomBytes } from 'node:crypto';
import { testStack } from './provided.ts';

export type TestVhost = {
  name: string;
  url: string;
  /** Calls the broker's management API; `path` is below the vhost, such as `queues` or `queues/<name>`. */
  manage(method: string, path: string, body?: object): Promise<Response>;
  delete(): Promise<void>;
};

/** A vhost of this test file's own; by the management API, since rabbitmqctl takes over a second a call. */
export async function testVhost(): Promise<TestVhost> {
  const { amqpUrl, amqpManagementUrl } = testStack();
  const name = `test-${randomBytes(6).toString('hex')}`;
  const { username, password, origin } = new URL(amqpManagementUrl);
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;

  const call = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${origin}/api/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  const mustCall = async (method: string, path: string, body?: object) => {
    const response = await call(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };

  await mustCall('PUT', `vhosts/${name}`, {});
  await mustCall('PUT', `permissions/${name}/${username}`, { configure: '.*', write: '.*', read: '.*' });
  const url = new URL(amqpUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.toString(),
    manage: (method, path, body) => call(method, path.replace(/^([a-z-]+)/, `$1/${name}`), body),
    delete: () => mustCall('DELETE', `vhosts/${name}`),
  };
}
