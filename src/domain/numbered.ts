/** Rows in a page, once there are so many; a few seats take no more than they need. */
const PAGE = 1024;
const LEAST = 8;
/** In the place of a number that was removed; numbers are from 1. */
const GONE = -1;

/**
 * Rows of figures (doubles), each by a number of its own, in the order in which they were added: what a
 * `Map` of objects would hold in three times the memory, and give a collector to go through. Rows lie in
 * pages, so that growing copies little. An index of places (row + 1; 0: none) is open-addressed, and less
 * than three quarters full. A row that was removed stays as a gap until there are more gaps than rows, and
 * is blank. It may be removed from while it is gone through, but not added to.
 */
export class Numbered {
  /** How many rows there are. */
  size = 0;
  private pages: Float64Array[] = [];
  /** Rows, gaps among them. */
  private used = 0;
  private places = new Int32Array(2 * LEAST);

  /** `width`: figures of a row, beside its number. */
  constructor(private readonly width: number) {}

  /** The row of a number; -1: it has none. */
  find(number: number): number {
    const most = this.places.length - 1;
    for (let at = hashOf(number) & most; ; at = (at + 1) & most) {
      const row = (this.places[at] as number) - 1;
      if (row < 0 || this.numberAt(row) === number) return row;
    }
  }

  /** A new row, of zeros, for a number that has none. Rows that were found before may be others now. */
  add(number: number): number {
    if (this.used >= 2 * LEAST && this.used > 2 * this.size) this.closeUp();
    if (4 * (this.used + 1) > 3 * this.places.length) this.widen();
    const row = this.used;
    this.used += 1;
    this.size += 1;
    this.makeRoom(row);
    this.write(row, -1, number);
    this.note(number, row);
    return row;
  }

  /** Removes the row of a number, if it has one. */
  remove(number: number): boolean {
    const row = this.find(number);
    if (row < 0) return false;
    for (let k = 0; k < this.width; k += 1) this.write(row, k, 0);
    this.write(row, -1, GONE);
    this.size -= 1;
    return true;
  }

  numberAt(row: number): number {
    return this.read(row, -1);
  }

  /** The `k`th figure of a row, from 0. */
  read(row: number, k: number): number {
    const page = this.pages[Math.floor(row / PAGE)] as Float64Array;
    return page[(row % PAGE) * (this.width + 1) + k + 1] as number;
  }

  write(row: number, k: number, figure: number): void {
    const page = this.pages[Math.floor(row / PAGE)] as Float64Array;
    page[(row % PAGE) * (this.width + 1) + k + 1] = figure;
  }

  /** All rows, the oldest first. */
  *rows(): Generator<number> {
    for (let row = 0; row < this.used; row += 1) {
      if (this.numberAt(row) !== GONE) yield row;
    }
  }

  /** Sees to it that there is a page for this row: the first grows, the others come whole. */
  private makeRoom(row: number): void {
    const page = Math.floor(row / PAGE);
    const before = this.pages[page];
    const rows = (before?.length ?? 0) / (this.width + 1);
    if (row % PAGE < rows) return;
    const most = page > 0 ? PAGE : Math.min(PAGE, Math.max(LEAST, 2 * rows));
    const larger = new Float64Array(most * (this.width + 1));
    if (before) larger.set(before);
    this.pages[page] = larger;
  }

  private note(number: number, row: number): void {
    const most = this.places.length - 1;
    let at = hashOf(number) & most;
    while (this.places[at] !== 0) at = (at + 1) & most;
    this.places[at] = row + 1;
  }

  private widen(): void {
    this.places = new Int32Array(2 * this.places.length);
    for (const row of this.rows()) this.note(this.numberAt(row), row);
  }

  /** Moves all rows together, in their order. */
  private closeUp(): void {
    const { pages, used } = this;
    const before = new Numbered(this.width);
    [before.pages, before.used] = [pages, used];
    this.pages = [];
    this.used = 0;
    this.size = 0;
    this.places = new Int32Array(2 * LEAST);
    for (const from of before.rows()) {
      const row = this.add(before.numberAt(from));
      for (let k = 0; k < this.width; k += 1) this.write(row, k, before.read(from, k));
    }
  }
}

/** Numbers are drawn at random; those that lie close together are spread all the same. */
function hashOf(number: number): number {
  const low = Math.imul(number | 0, 0x9e3779b1);
  const high = Math.imul(Math.floor(number / 2 ** 32) | 0, 0x85ebca6b);
  return (low ^ high ^ (low >>> 15)) >>> 0;
}
