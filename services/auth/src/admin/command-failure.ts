/** Something the person at the terminal can put right: printed as its message alone. Exit code 2 for wrong arguments, else 1. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';

  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
