import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The way to the broker, which a test can cut or block and mend again: to its user the broker is gone or hangs meanwhile. */
export class CuttableBroker {
  /** Each connection is two ways, there and back. */
  private readonly ways = new Map<Socket, Socket>();
  private state: 'open' | 'cut' | 'blocked' = 'open';

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async before(amqpUrl: string): Promise<CuttableBroker> {
    const target = new URL(amqpUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(amqpUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const broker = new CuttableBroker(url.href, server);
    server.on('connection', (socket) => broker.pass(socket, connect(Number(target.port), target.hostname)));
    return broker;
  }

  cutOff(): void {
    this.state = 'cut';
    for (const socket of this.ways.keys()) socket.destroy();
  }

  /** Keeps the connections and passes nothing on, as a broker that hangs or a network that drops everything. */
  block(): void {
    this.state = 'blocked';
    for (const [from, to] of this.ways) from.unpipe(to);
  }

  mend(): void {
    this.state = 'open';
    for (const [from, to] of this.ways) from.unpipe(to).pipe(to);
  }

  close(): Promise<void> {
    this.cutOff();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private pass(client: Socket, broker: Socket): void {
    for (const [from, to] of [[client, broker], [broker, client]] as const) {
      this.ways.set(from, to);
      // Else each message of two packets waits some 40 ms for the acknowledgement of its first.
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.ways.delete(from);
        to.destroy();
      });
      if (this.state === 'open') from.pipe(to);
    }
    if (this.state === 'cut') client.destroy();
  }
}
