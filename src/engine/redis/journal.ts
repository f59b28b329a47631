/** A change that this node acknowledged. Times in ms. */
export type Acknowledged = {
  what: 'taken' | 'left' | 'heard';
  number: number;
  sitting: number;
  /** Since when it is seated; when it left, or was heard. */
  at: number;
  form: string | null;
};

const KINDS = ['taken', 'left', 'heard'] as const;
/** Changes in a block, and figures for each. */
const BLOCK = 128;
const WIDTH = 4;

type Block = {
  figures: Float64Array;
  forms: Map<number, string> | null;
  length: number;
  newest: number;
};

/** What was acknowledged lately, in order, at 32 bytes a change: a storm leaves millions. */
export class Journal {
  private blocks: Block[] = [];

  get empty(): boolean {
    return this.blocks.length === 0;
  }

  add(change: Acknowledged, noted: number): void {
    let block = this.blocks.at(-1);
    if (!block || block.length === BLOCK) {
      const figures = new Float64Array(BLOCK * WIDTH);
      block = { figures, forms: null, length: 0, newest: noted };
      this.blocks.push(block);
    }
    const kind = KINDS.indexOf(change.what);
    block.figures.set([change.number, kind, change.sitting, change.at], block.length * WIDTH);
    if (change.form !== null) {
      block.forms ??= new Map();
      block.forms.set(block.length, change.form);
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
    for (const { figures, forms, length } of [...this.blocks]) {
      for (let k = 0; k < length; k += 1) {
        const figure = (n: number): number => figures[k * WIDTH + n] as number;
        const what = KINDS[figure(1)] ?? 'heard';
        const form = forms?.get(k) ?? null;
        yield {
          what,
          number: figure(0),
          sitting: figure(2),
          at: figure(3),
          form,
        };
      }
    }
  }
}
