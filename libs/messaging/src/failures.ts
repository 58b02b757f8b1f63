/** Trying again can't help: the message goes to the dead letters at once. */
export class PermanentFailure extends Error {
  override name = 'PermanentFailure';
}

/** The broker took the message but no queue wanted it. */
export class UnroutableMessage extends Error {
  override name = 'UnroutableMessage';
}
