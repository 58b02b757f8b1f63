import { once } from 'node:events';
import { WrongSettings, readConfig } from './config.ts';
import type { InboxConfig } from './config.ts';
import { buildInbox } from './server.ts';

/** The dev inbox: stands in for SNS, SES, Twilio, a mail relay and a webhook, and shows what was sent through them. */
async function start(): Promise<void> {
  const config = readSettingsOrExit();
  const { app, internal, smtp } = buildInbox(config);

  const stop = () => {
    const closed = smtp ? new Promise<void>((resolve) => smtp.close(resolve)) : undefined;
    void Promise.all([app.close(), internal.close(), closed]).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  try {
    await app.listen({ host: config.host, port: config.port });
    if (smtp && config.smtp) await once(smtp.listen(config.smtp.port, config.host), 'listening');
    // Ready only once the endpoint takes calls.
    await internal.listen({ host: config.host, port: config.internalPort });
  } catch (error) {
    process.stderr.write(`The inbox cannot listen (LATCHKEY_INBOX_PORT, LATCHKEY_INBOX_SMTP_PORT, LATCHKEY_INTERNAL_PORT, LATCHKEY_HOST): ${(error as Error).message}\n`);
    process.exit(1);
  }
}

function readSettingsOrExit(): InboxConfig {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

await start();
