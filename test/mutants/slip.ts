/** In the one file at or below `at` that has it, `was` becomes `is`. */
export type Edit = { at: string; was: string; is: string };

export type NamedFault = {
  name: string;
  edits: Edit[];
  /** Words of the paths of the tests that are to see it, the likeliest first. */
  seenBy: string[];
};

/** A fault of one edit. */
export const slip = (
  name: string,
  at: string,
  [was, is]: [was: string, is: string],
  seenBy: string[],
): NamedFault => ({ name, edits: [{ at, was, is }], seenBy });
