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
const WIDTH = 6;
/** Keys of a block at first, in bytes; none: where a change has none. */
const ROOM = 512;
const NO_KEY = -1;

type Block = {
  /** The last of each: where its key ends, and `NO_KEY` without one. */
  figures: Float64Array;
  /** One after the other; a string would take three times as much. */
  keys: Buffer | null;
  /** How much of `keys` is written. */
  written: number;
  length: number;
  newest: number;
};

/** What was acknowledged lately, in order, at 48 bytes a change and those of its key: a storm leaves millions. */
export class Journal {
  private blocks: Block[] = [];

  get empty(): boolean {
    return this.blocks.length === 0;
  }

  add(change: Acknowledged, noted: number): void {
    let block = this.blocks.at(-1);
    if (!block || block.length === BLOCK) {
      const figures = new Float64Array(BLOCK * WIDTH);
      block = { figures, keys: null, written: 0, length: 0, newest: noted };
      this.blocks.push(block);
    }
    const kind = KINDS.indexOf(change.what);
    const { number, sitting, at, heard } = change;
    if (change.key !== null) writeKey(block, change.key);
    const end = change.key === null ? NO_KEY : block.written;
    block.figures.set([number, kind, sitting, at, heard, end], block.length * WIDTH);
    block.length += 1;
    block.newest = noted;
    if (block.length === BLOCK && block.keys) block.keys = copied(block, block.written);
  }

  /** Forgets blocks in which all was noted before `limit`. */
  forget(limit: number): void {
    const kept = this.blocks.findIndex((block) => block.newest >= limit);
    this.blocks.splice(0, kept < 0 ? this.blocks.length : kept);
  }

  /** All of it, the oldest first. What is added meanwhile may or may not be told. */
  *[Symbol.iterator](): Generator<Acknowledged> {
    for (const { figures, keys, length } of [...this.blocks]) {
      let begin = 0;
      for (let k = 0; k < length; k += 1) {
        const figure = (n: number): number => figures[k * WIDTH + n] as number;
        const what = KINDS[figure(1)] ?? 'taken';
        const end = figure(5);
        const key = end === NO_KEY ? null : (keys as Buffer).toString('utf8', begin, end);
        if (end !== NO_KEY) begin = end;
        const [number, sitting, at, heard] = [figure(0), figure(2), figure(3), figure(4)];
        yield { what, number, sitting, at, heard, key };
      }
    }
  }
}

function writeKey(block: Block, key: string): void {
  const end = block.written + Buffer.byteLength(key);
  const fits = block.keys !== null && end <= block.keys.length;
  const keys = fits ? (block.keys as Buffer) : copied(block, Math.max(ROOM, 2 * end));
  block.written += keys.write(key, block.written);
  block.keys = keys;
}

/** The keys of a block in so many bytes. */
function copied({ keys, written }: Block, size: number): Buffer {
  const copy = Buffer.alloc(size);
  keys?.copy(copy, 0, 0, written);
  return copy;
}
