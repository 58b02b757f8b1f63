import type { Options } from 'amqplib';

/**
 * The nodes of a broker, from URLs with commas between them. They are tried in turn, from a random one on, so that the
 * processes of a system spread over the nodes.
 */
export class BrokerHosts {
  /** amqplib reads it anew at each attempt; `next` changes what it holds. */
  readonly current: Options.Connect;
  readonly count: number;
  private readonly hosts: Options.Connect[];
  private position = 0;

  constructor(urls: string, random: () => number = Math.random) {
    this.hosts = shuffled(urls.split(',').map((url) => hostOf(url.trim())), random);
    this.count = this.hosts.length;
    this.current = { ...this.hosts[0] };
  }

  next(): void {
    this.position = (this.position + 1) % this.count;
    Object.assign(this.current, this.hosts[this.position]);
  }

  /** For logs: without credentials. */
  get name(): string {
    return `${this.current.hostname}:${this.current.port}`;
  }
}

function hostOf(url: string): Options.Connect {
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  const number = (name: string, fallback: number) => Number(searchParams.get(name) ?? fallback);
  return {
    protocol: protocol.slice(0, -1),
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'amqps:' ? 5671 : 5672),
    // No credentials at all are the broker's default user, as in a URL.
    username: username || password ? decodeURIComponent(username) : 'guest',
    password: username || password ? decodeURIComponent(password) : 'guest',
    // amqplib decodes this one itself.
    vhost: pathname.slice(1),
    // A broker that hangs without closing its connections is noticed after two missed beats.
    heartbeat: number('heartbeat', 5),
    frameMax: number('frameMax', 131_072),
    channelMax: number('channelMax', 0),
  };
}

/** Fisher and Yates'. */
function shuffled<T>(items: T[], random: () => number): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
