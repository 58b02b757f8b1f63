import { type DynamicModule, Module } from '@nestjs/common';
import { BrokerConnection, type BrokerLogger } from './broker-connection.ts';
import { Publisher } from './publisher.ts';
import { Requester } from './requester.ts';

/** The broker side of one process: one connection, one publisher, one requester. */
export class Messaging {
  readonly connection: BrokerConnection;
  readonly publisher: Publisher;
  readonly requester: Requester;

  constructor(options: { url: string; name: string; logger: BrokerLogger }) {
    this.connection = new BrokerConnection(options);
    this.publisher = new Publisher(this.connection, options.logger);
    this.requester = new Requester(this.connection, options.logger);
  }

  async close(): Promise<void> {
    await this.publisher.close();
    await this.requester.close();
    await this.connection.close();
  }
}

/** Makes `Publisher` and `Requester` injectable everywhere in a service. */
@Module({})
export class MessagingModule {
  static for(messaging: Messaging): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: Messaging, useValue: messaging },
        { provide: Publisher, useValue: messaging.publisher },
        { provide: Requester, useValue: messaging.requester },
      ],
      exports: [Messaging, Publisher, Requester],
    };
  }
}
