import { createHash } from 'node:crypto';
import type { EventPayload, RequestPayload, RequestReply } from '@latchkey/contracts';
import { currentMessageContext, HandleEvents, HandleRequest } from '@latchkey/messaging';
import { Controller } from '@nestjs/common';
import { storyOf } from '../attempts/reset-attempt.ts';
import { WarnOfCopiedDevice } from '../devices/warn-of-copied-device.ts';
import { RequireSession } from '../sessions/require-session.ts';
import { ActivityStore } from './activity-store.ts';
import { linesOf, recordedEvents, type RecordedEvent } from './lines.ts';

/** Writes the timeline from events, and shows a login its own. */
@Controller()
export class ActivityController {
  constructor(
    private readonly store: ActivityStore,
    private readonly requireSession: RequireSession,
    private readonly copiedDevices: WarnOfCopiedDevice,
  ) {}

  @HandleEvents(recordedEvents)
  async record(payload: EventPayload<RecordedEvent>): Promise<void> {
    const context = currentMessageContext();
    if (!context) throw new Error('a line is written from an event, whose id makes it there once');
    const { name, messageId, occurredAt: at, correlationId } = context;
    const contents = linesOf[name as RecordedEvent](payload as never);
    await Promise.all(contents.map((content, index) => this.store.add({ ...content, id: lineId(messageId, index), at, correlationId: storyOf(correlationId) })));
    if (name === 'device.secret-reused') await this.copiedDevices.warn(payload as EventPayload<'device.secret-reused'>);
  }

  @HandleRequest('session.activity')
  async own({ sessionHash, before }: RequestPayload<'session.activity'>): Promise<RequestReply<'session.activity'>> {
    const { loginId } = await this.requireSession.ready(sessionHash);
    return this.store.page(loginId, before);
  }
}

/** An event's first line has the event's id, others have ids made of it: the same ones however often it is delivered. */
function lineId(messageId: string, index: number): string {
  if (index === 0) return messageId;
  const hash = createHash('sha256').update(`${messageId}/${index}`).digest('hex');
  return `${messageId.slice(0, 24)}${hash.slice(0, 12)}`;
}
