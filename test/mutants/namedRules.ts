import type { NamedFault } from './slip.js';

/** Faults of the rules themselves, each seen within a second: `npm test` plants these each time. */
export const RULES: NamedFault[] = [
  {
    name: 'one more than there is room for',
    edits: [
      {
        at: 'src/domain/seating.ts',
        was: "  if (terms.capacity !== null && state.seats.size >= terms.capacity) {\n    throw new Refusal('full', undefined, FULL_RETRY);\n  }\n  // Without",
        is: "  if (terms.capacity !== null && state.seats.size > terms.capacity) {\n    throw new Refusal('full', undefined, FULL_RETRY);\n  }\n  // Without",
      },
    ],
    seenBy: ['domain/seating.test'],
  },
  {
    name: 'a forgotten tab revives a seat',
    edits: [
      {
        at: 'src/domain/seating.ts',
        was: "if (mark && (voided ? proof.kind === 'seat' : !taking.back)) throw ended(mark);",
        is: '',
      },
    ],
    seenBy: ['domain/seating.test'],
  },
  {
    name: 'a shuffle that leaves the first where it is',
    edits: [{ at: 'src/domain/veil.ts', was: 'k > 0; k -= 1', is: 'k > 1; k -= 1' }],
    seenBy: ['domain/veil.test'],
  },
  {
    name: 'public figures that are exact',
    edits: [{ at: 'src/domain/record.ts', was: 'Math.round(total / 10) * 10', is: 'total' }],
    seenBy: ['domain/record.test'],
  },
  {
    name: 'a code that is good for an hour',
    edits: [
      {
        at: 'src/domain/code.ts',
        was: 'const STEPS_ACCEPTED = 4;',
        is: 'const STEPS_ACCEPTED = 240;',
      },
    ],
    seenBy: ['domain/code.test'],
  },
];
