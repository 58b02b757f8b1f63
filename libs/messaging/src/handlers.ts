import { type EventName, type EventPayload, eventRegistry, type RequestName, type RequestPayload, type RequestReply, requestRegistry, type ServiceName } from '@latchkey/contracts';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { eventQueues } from './topology.ts';

type TypedMethod<P, R> = <T extends (payload: P) => Promise<R>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>) => void;

/** Marks the method that answers a request; the compiler checks what goes in and out. */
export function HandleRequest<N extends RequestName>(name: N): TypedMethod<RequestPayload<N>, RequestReply<N>> {
  return MessagePattern(name) as unknown as TypedMethod<RequestPayload<N>, RequestReply<N>>;
}

/** Marks the method that has the effect of an event. It is acknowledged when the returned promise resolves. */
export function HandleEvent<N extends EventName>(name: N): TypedMethod<EventPayload<N>, void> {
  return EventPattern(name) as unknown as TypedMethod<EventPayload<N>, void>;
}

/** Marks the method that has the effect of several events; which one it is stands in the message's context. */
export function HandleEvents<N extends EventName>(names: readonly N[]): TypedMethod<EventPayload<N>, void> {
  return EventPattern([...names]) as unknown as TypedMethod<EventPayload<N>, void>;
}

/**
 * Compares what a service handles with what is declared for it, so that a misspelt, missing or doubled handler stops
 * the start and not a login. Returns the complaints; none means all is well.
 */
export function checkHandlers(service: ServiceName, handled: { name: string; isEvent: boolean; count: number }[]): string[] {
  const expectedRequests = Object.entries(requestRegistry).filter(([, { owner }]) => owner === service).map(([name]) => name);
  const expectedEvents = eventQueues.filter((queue) => queue.service === service).flatMap((queue) => queue.events as readonly string[]);
  const complaints: string[] = [];
  for (const { name, isEvent, count } of handled) {
    const known = isEvent ? name in eventRegistry : name in requestRegistry;
    if (!known) complaints.push(`${name} is handled, but nobody declares it`);
    else if (!(isEvent ? expectedEvents : expectedRequests).includes(name)) complaints.push(`${name} is handled, but is not for ${service}`);
    if (count > 1) complaints.push(`${name} has ${count} handlers`);
  }
  for (const name of [...expectedRequests, ...expectedEvents]) {
    if (!handled.some((handler) => handler.name === name)) complaints.push(`${name} has no handler`);
  }
  return complaints;
}
