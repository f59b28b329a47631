import type { Noso } from '../../domain/noso.js';
import { unavailable } from '../deadline.js';
import type { Arg, Calls } from './calls.js';
import {
  bitOf,
  catalogueKeys,
  chunkOf,
  fieldOf,
  KEPT_UNCLOSED,
  type Keys,
  readField,
} from './keys.js';
import type { Pace } from './pace.js';
import { REMEMBERED } from './recovery.js';
import type { Reply } from './reply.js';
import {
  RESTORE,
  RESTORE_DRAWN,
  RESTORE_INTENTS,
  RESTORE_RESERVED,
  RESTORE_SPENT,
} from './scripts/onceLua.js';
import type { Script } from './scripts/script.js';
import { notWhole, type Witness } from './witness.js';

const AT_ONCE = 200;

/** `value` as it is kept, '' if deleted; `noso` if it is one. */
type Wrote =
  | { what: 'document'; field: string; revision: number; value: string; noso: Noso | null }
  | { what: 'drawn'; numbers: number[] }
  /** Means to come, or not after all; `at` by the store's clock. */
  | { what: 'intent'; noso: string; digest: string; comes: boolean; at: number }
  | { what: 'spent'; id: string; until: number }
  | { what: 'reserved'; id: string; holder: string; until: number };
type Written = Wrote & { noted: number };

/**
 * Sends scripts to the catalogue's shard, and remembers what this node wrote there lately: documents,
 * drawn numbers (A4), who means to come, ids that were spent or reserved. When the shard begins a new epoch, because it may have lost writes,
 * all of it is put back before anything else is asked; the catalogue answers nobody for a while,
 * so that all nodes have done so. Documents go by their revisions, so that the newest stays.
 */
export class Ledger {
  private written: Written[] = [];
  private epoch = 0;
  private checked: number;
  private settling: Promise<void> | null = null;

  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly pace: Pace,
    private readonly witness: Witness,
    /** Documents were put back: what hangs on them is to be looked at. */
    private readonly onRestored: (nosos: Noso[]) => void,
  ) {
    this.checked = pace.elapsed;
  }

  /** Runs a script on the catalogue; `more` are keys beyond its own. Throws `unavailable`. */
  async run(script: Script, args: readonly Arg[], more: readonly string[] = []): Promise<Reply> {
    await this.settling;
    this.witness.assertWhole();
    const reply = await this.calls.run(script, [...catalogueKeys(this.keys), ...more], args);
    const said = reply.text(0);
    if (said === 'empty' || said === 'lost') throw notWhole();
    const settling = said !== 'ok';
    // A server that was replaced meanwhile: what it has done is undone, and nobody is told of it.
    if (reply.number(1) < this.epoch) throw unavailable('the catalogue has moved on');
    await this.observe(reply.number(1), settling);
    if (settling) throw unavailable('the catalogue is being put right after a loss');
    return reply;
  }

  /** Remembers what is being acknowledged. */
  note(wrote: Wrote): void {
    this.written.push({ noted: this.pace.elapsed, ...wrote });
  }

  /** All was well until now: forgets what is older than 60 s before the last time it was. */
  prune(): void {
    const limit = this.checked - REMEMBERED;
    this.checked = this.pace.elapsed;
    if ((this.written[0]?.noted ?? Infinity) > limit) return;
    this.written = this.written.filter((each) => each.noted > limit);
  }

  private async observe(epoch: number, settling: boolean): Promise<void> {
    if (this.epoch === 0 || (epoch > this.epoch && this.written.length === 0)) this.epoch = epoch;
    if (epoch <= this.epoch) return;
    this.settling ??= this.putBack(epoch).finally(() => {
      this.settling = null;
    });
    await this.settling;
    // What was answered before all was put back may be wrong.
    if (!settling) throw unavailable('the catalogue is being put right after a loss');
  }

  /** This node is of another store from now on. */
  forget(): void {
    this.written = [];
    this.epoch = 0;
  }

  private async putBack(epoch: number): Promise<void> {
    // Nothing is put into a store that is not the one that lost it.
    await this.witness.check();
    this.witness.assertWhole();
    const keys = catalogueKeys(this.keys);
    const documents = this.written.filter((w) => w.what === 'document');
    for (let k = 0; k < documents.length; k += AT_ONCE) {
      const args = documents.slice(k, k + AT_ONCE).flatMap(({ field, revision, value, noso }) => {
        const sign = noso?.life.is === 'open' ? '+' : '-';
        return [field, revision, value, noso ? `${sign}${noso.venue}` : '', noso?.id ?? ''];
      });
      await this.calls.run(RESTORE, keys, args);
    }
    const drawn = this.written.flatMap((w) => (w.what === 'drawn' ? w.numbers : []));
    for (let k = 0; k < drawn.length; k += AT_ONCE) {
      const numbers = drawn.slice(k, k + AT_ONCE);
      const chunks = numbers.map((number) => this.keys.drawnChunk(chunkOf(number)));
      await this.calls.run(
        RESTORE_DRAWN,
        [...keys, this.keys.drawn, ...chunks],
        numbers.map(bitOf),
      );
    }
    await this.putIntentsBack();
    for (const each of this.written) {
      if (each.what === 'spent')
        await this.calls.run(RESTORE_SPENT, [...keys, this.keys.spent(each.id)], [each.until]);
      if (each.what === 'reserved') {
        const { id, holder, until } = each;
        await this.calls.run(RESTORE_RESERVED, [...keys, this.keys.reserved(id)], [holder, until]);
      }
    }
    this.epoch = epoch;
    const nosos = new Map(documents.map(({ field, noso }) => [field, noso]));
    this.onRestored([...nosos.values()].filter((noso) => noso !== null));
  }

  /** Once documents are back: of what is not scheduled by now, who meant to come is forgotten. */
  private async putIntentsBack(): Promise<void> {
    const words = new Map<string, Arg[]>();
    const of = (noso: string) => words.get(noso) ?? words.set(noso, []).get(noso) ?? [];
    for (const each of this.written) {
      if (each.what === 'intent') of(each.noso).push(each.comes ? '+' : '-', each.digest, each.at);
      if (each.what !== 'document') continue;
      const { kind, id } = readField(each.field);
      if (kind === 'noso') of(id);
    }
    for (const [noso, all] of words) {
      const keys = [this.keys.intents(noso), this.keys.intended(noso)];
      for (let k = 0; k === 0 || k < all.length; k += 3 * AT_ONCE) {
        const args = [fieldOf('noso', noso), KEPT_UNCLOSED, ...all.slice(k, k + 3 * AT_ONCE)];
        await this.calls.run(RESTORE_INTENTS, [...catalogueKeys(this.keys), ...keys], args);
      }
    }
  }
}
