/**
 * A change that this node acknowledged. Times in ms. `gone`: somebody left who was not known to sit;
 * `bound`: a pass stands for a number, and no more; then the sitting is 0. `hand`: seated by hand;
 * `out`: whoever was left, at a door;
 * `voided`: taken back; `clicked`: what became of a door's click.
 */
export type Acknowledged = {
  what: 'taken' | 'left' | 'gone' | 'bound' | 'hand' | 'out' | 'voided' | 'clicked';
  number: number;
  sitting: number;
  /** Since when it is seated, as far as is known; or when it left. */
  at: number;
  /** When its phone was last heard. */
  heard: number;
  /** The key of the pass that stands for the number (P8); whose hand; the click, and what became of it. */
  key: string | null;
};

const KINDS = ['taken', 'left', 'gone', 'bound', 'hand', 'out', 'voided', 'clicked'] as const;
/** Changes in a block, and figures for each. */
const BLOCK = 128;
const WIDTH = 5;

type Block = {
  figures: Float64Array;
  keys: Map<number, string> | null;
  length: number;
  newest: number;
};

/** What was acknowledged lately, in order, at 40 bytes a change: a storm leaves millions. */
export class Journal {
  private blocks: Block[] = [];

  get empty(): boolean {
    return this.blocks.length === 0;
  }

  add(change: Acknowledged, noted: number): void {
    let block = this.blocks.at(-1);
    if (!block || block.length === BLOCK) {
      const figures = new Float64Array(BLOCK * WIDTH);
      block = { figures, keys: null, length: 0, newest: noted };
      this.blocks.push(block);
    }
    const kind = KINDS.indexOf(change.what);
    const { number, sitting, at, heard } = change;
    block.figures.set([number, kind, sitting, at, heard], block.length * WIDTH);
    if (change.key !== null) {
      block.keys ??= new Map();
      block.keys.set(block.length, change.key);
    }
    block.length += 1;
    block.newest = noted;
  }

  /** Forgets blocks in which all was noted before `limit`. */
  forget(limit: number): void {
    const kept = this.blocks.findIndex((block) => block.newest >= limit);
    this.blocks.splice(0, kept < 0 ? this.blocks.length : kept);
  }

  /** All of it, the oldest first. What is added meanwhile may or may not be told. */
  *[Symbol.iterator](): Generator<Acknowledged> {
    for (const { figures, keys, length } of [...this.blocks]) {
      for (let k = 0; k < length; k += 1) {
        const figure = (n: number): number => figures[k * WIDTH + n] as number;
        const what = KINDS[figure(1)] ?? 'taken';
        const key = keys?.get(k) ?? null;
        const [number, sitting, at, heard] = [figure(0), figure(2), figure(3), figure(4)];
        yield { what, number, sitting, at, heard, key };
      }
    }
  }
}
