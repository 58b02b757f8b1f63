import { type JsonSchema, refusals } from './json-schema-subset.ts';
import type { MessageSchema } from './message-schemas.ts';

/**
 * What of the published contracts the current ones break, one sentence each. The rules are those of an upgrade while the
 * system runs, in which answering services are replaced before those that ask them:
 * - a request has to be taken from an asker of the published version, and its reply by that asker;
 * - an event has to be taken by a consumer of the published version, and one that was published before and still waits
 *   in a queue or an outbox by the consumer of now.
 */
export function breakingChanges(published: ReadonlyMap<string, MessageSchema>, current: ReadonlyMap<string, MessageSchema>): string[] {
  return [...published].flatMap(([name, before]) => {
    const now = current.get(name);
    return (now ? changesOf(before, now) : ['nobody declares it any more']).map((change) => `${name}: ${change}`);
  });
}

function changesOf(before: MessageSchema, now: MessageSchema): string[] {
  if (before.type !== now.type) return [`is ${now.type} instead of ${before.type}`];
  if (before.type === 'request' && now.type === 'request') {
    return [
      ...(before.queue === now.queue ? [] : [`is taken from ${now.queue}, and older askers send it to ${before.queue}`]),
      ...explain('the handler refuses what an older asker sends', now.payload, before.payload),
      ...explain('an older asker refuses the reply', before.reply, now.reply),
    ];
  }
  return [
    ...(before.type === 'event' && now.type === 'event' && before.audience === 'durable' && now.audience === 'live' ? ['is not sure to reach a queue any more'] : []),
    ...explain('an older consumer refuses what is published', before.payload, now.payload),
    ...explain('the consumer refuses what was published before', now.payload, before.payload),
  ];
}

const explain = (who: string, taken: JsonSchema, sent: JsonSchema) => refusals(taken, sent).map((refusal) => `${who}: ${refusal}`);
