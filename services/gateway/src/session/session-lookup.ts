import { Refusal, type RequestReply } from '@latchkey/contracts';
import { Requester } from '@latchkey/messaging';
import { Injectable } from '@nestjs/common';

export type SignedIn = RequestReply<'session.get'>;

interface Waiting {
  sessionHash: string;
  resolve(signedIn: SignedIn): void;
  reject(error: unknown): void;
}

/** Whoever waits for the answer behind this one is still answered within 5 s. */
const deadlineMs = 2_200;
const mostAtOnce = 100;
/** So many sessions are under way before others wait for them: two alone, or one message for many. */
const mostUnderWay = 2;
/** An answer that takes longer than usual is not waited for by those behind it. */
const longestWaitMs = 10;

/**
 * Asks auth whose sessions these are. Each request to a site behind a gateway asks, so under load one message asks for all that came
 * while another was under way; each is asked for after its request came, so that an ended session is over at once.
 */
@Injectable()
export class SessionLookup {
  private waiting: Waiting[] = [];
  private underWay = 0;
  private patience: NodeJS.Timeout | undefined;
  private endOfTurn: NodeJS.Immediate | undefined;

  constructor(private readonly requester: Requester) {}

  /** Rejects with `not_signed_in` where there is no such session, and with `unavailable` when auth does not answer in time. */
  of(sessionHash: string): Promise<SignedIn> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ sessionHash, resolve, reject });
      this.sendSoon();
    });
  }

  /** At the end of this turn of the event loop, with all whose requests have come by then: a message is most of what a check costs. */
  private sendSoon(): void {
    if (this.underWay < mostUnderWay) this.endOfTurn ??= setImmediate(() => this.send());
    else this.patience ??= setTimeout(() => this.send(), longestWaitMs);
  }

  private send(): void {
    clearImmediate(this.endOfTurn);
    clearTimeout(this.patience);
    this.endOfTurn = this.patience = undefined;
    const asked = this.waiting.splice(0, mostAtOnce);
    this.underWay += asked.length;
    void this.answer(asked).finally(() => {
      this.underWay -= asked.length;
      if (this.waiting.length > 0) this.sendSoon();
    });
  }

  private async answer(asked: Waiting[]): Promise<void> {
    const [first] = asked;
    if (first && asked.length === 1) return this.askForOne(first);
    try {
      const { sessions } = await this.requester.request('session.get-all', { sessionHashes: asked.map(({ sessionHash }) => sessionHash) }, { deadlineMs });
      for (const [place, { resolve, reject }] of asked.entries()) {
        const session = sessions[place];
        if (session) resolve(session);
        else reject(new Refusal('not_signed_in'));
      }
    } catch (error) {
      // An auth of the release before, which does not know the question, while it is being replaced.
      if (error instanceof Refusal && error.code === 'invalid_request') await Promise.all(asked.map((one) => this.askForOne(one)));
      else for (const { reject } of asked) reject(error);
    }
  }

  private async askForOne({ sessionHash, resolve, reject }: Waiting): Promise<void> {
    await this.requester.request('session.get', { sessionHash }, { deadlineMs }).then(resolve, reject);
  }
}
