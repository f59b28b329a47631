/** A command that is not carried out, and why: said in one line, and in the exit code. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code = 64,
  ) {
    super(message);
  }
}
