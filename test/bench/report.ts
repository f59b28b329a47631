import type { Verdict } from './bounds.js';
import { REFERENCE } from './contestants/all.js';
import type { Machine } from './machine.js';
import type { Options } from './options.js';
import type { Summary } from './summary.js';

/** The last line of the benchmark. */
export type Report = {
  bench: 'compare';
  reference: string;
  seed: number;
  machine: Machine;
  loadAfter: number;
  contestants: Summary[];
  /** Runs whose walls or acknowledgements were wrong; none in a run that is worth anything. */
  faults: string[];
  verdicts: Verdict[];
};

export const newReport = (given: {
  options: Options;
  machine: Machine;
  loadAfter: number;
  summaries: Summary[];
  faults: string[];
  verdicts: Verdict[];
}): Report => ({
  bench: 'compare',
  reference: REFERENCE,
  seed: given.options.seed,
  machine: given.machine,
  loadAfter: given.loadAfter,
  contestants: given.summaries,
  faults: given.faults,
  verdicts: given.verdicts,
});
