import 'reflect-metadata';
import { Messaging } from '@latchkey/messaging';
import { createLogger, readConfig, SealingKeys } from '@latchkey/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app-module.ts';
import { gatewaySettings } from './config.ts';
import { describeApi } from './http/openapi.ts';

// The document without a running gateway: for what is generated from it. Nothing is connected or listened to.
const messaging = new Messaging({ url: 'amqp://localhost', name: 'openapi', logger: createLogger('gateway', 'fatal') });
const LATCHKEY_SEALING_KEYS = `none:${Buffer.alloc(32).toString('base64')}`;
const keys = new SealingKeys(LATCHKEY_SEALING_KEYS);
const settings = readConfig(gatewaySettings, { LATCHKEY_AMQP_URL: 'amqp://localhost', LATCHKEY_SEALING_KEYS });
const app = await NestFactory.create<NestFastifyApplication>(AppModule.for({ messaging, keys, settings, isListening: () => false }), new FastifyAdapter(), { preview: true, logger: false });
process.stdout.write(`${JSON.stringify(describeApi(app), null, 2)}\n`);
