import type { Calls } from './calls.js';
import type { Keys } from './keys.js';
import { REWRITE } from './scripts/onceLua.js';
import { rewriteFiles } from './servers.js';

/** Has Redis' files rewritten, so that what was forgotten is gone from there too (L4). */
export class Rewrites {
  /** False once a rewrite was refused. */
  allowed = true;

  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
  ) {}

  /** Has it done if it is due; 'wanted': something is to be forgotten since. */
  async ask(what: 'wanted' | 'due'): Promise<void> {
    const due = await this.calls.run(REWRITE, [this.keys.rewrite], [what]);
    if (due.number(0) !== 1) return;
    const outcome = await rewriteFiles(this.calls.clients);
    this.allowed = outcome !== 'refused';
    // One that began before the close may still hold its numbers.
    if (outcome === 'busy') await this.calls.run(REWRITE, [this.keys.rewrite], ['busy']);
  }
}
