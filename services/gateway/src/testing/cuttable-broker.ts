import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The way to the broker, which a test can cut and mend again: to its user the broker is gone meanwhile. */
export class CuttableBroker {
  private readonly sockets = new Set<Socket>();
  private cut = false;

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
    this.cut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.cut = false;
  }

  close(): Promise<void> {
    this.cutOff();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private pass(client: Socket, broker: Socket): void {
    for (const [socket, other] of [[client, broker], [broker, client]] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    if (this.cut) client.destroy();
  }
}
