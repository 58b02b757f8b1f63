/**
 * Asks one question at a time for each key. Whoever comes while one is on its way shares the next: an answer is never older
 * than the request it is given to, so an ended session is over at once, and a page with fifty parts costs two questions.
 */
export class SharedAnswers<Answer> {
  private readonly running = new Map<string, Promise<Answer>>();
  private readonly next = new Map<string, Promise<Answer>>();
  private readonly question: (key: string) => Promise<Answer>;
  private readonly endsWaiting: (error: unknown) => boolean;

  /** `endsWaiting`: failures that hold for those too who wait behind. */
  constructor(question: (key: string) => Promise<Answer>, endsWaiting: (error: unknown) => boolean = () => false) {
    this.question = question;
    this.endsWaiting = endsWaiting;
  }

  ask(key: string): Promise<Answer> {
    const next = this.next.get(key);
    if (next) return next;
    const running = this.running.get(key);
    if (!running) return this.start(key);
    const startNext = () => {
      this.next.delete(key);
      return this.start(key);
    };
    const waiting = running.then(startNext, (error: unknown) => {
      if (!this.endsWaiting(error)) return startNext();
      this.next.delete(key);
      throw error;
    });
    this.next.set(key, waiting);
    return waiting;
  }

  private start(key: string): Promise<Answer> {
    const answer = this.question(key).finally(() => this.running.delete(key));
    this.running.set(key, answer);
    return answer;
  }
}
