import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BrokerConnection, type BrokerLogger } from './broker-connection.ts';
import { MessagingMetrics } from './metrics.ts';
import { Publisher } from './publisher.ts';
import { Requester } from './requester.ts';

/** The broker side of one process: one connection, one publisher, one requester. */
export class Messaging {
  readonly connection: BrokerConnection;
  readonly publisher: Publisher;
  readonly requester: Requester;

  /** `registry`: where the metrics of messaging are told; nowhere without one. */
  constructor(options: { url: string; name: string; logger: BrokerLogger; registry?: Registry }) {
    this.connection = new BrokerConnection(options);
    const metrics = new MessagingMetrics(options.registry ?? new Registry(), this.connection);
    this.publisher = new Publisher(this.connection, options.logger, metrics);
    this.requester = new Requester(this.connection, options.logger, { metrics });
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
