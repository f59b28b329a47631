/**
 * What is bounded at a NoSo over all nodes together: ways in that are opened (P8), and tries of a return
 * code without a pass (P10). So many in so many ms, counted in pieces.
 */
export const RATIONS = {
  ways: { within: 15_000, piece: 500 },
  tries: { within: 60_000, piece: 2000 },
} as const satisfies Record<string, { within: number; piece: number }>;

export type Rationed = keyof typeof RATIONS;

/** A count of the last of its time, and of the piece before, so that no such time has more than it may. */
export class Recent {
  total = 0;
  private readonly pieces: Float64Array;
  private newest = 0;

  constructor(readonly of: Rationed = 'ways') {
    const { within, piece } = RATIONS[of];
    this.pieces = new Float64Array(within / piece + 1);
  }

  /** Which piece of time `ms` is in. */
  pieceAt = (ms: number): number => Math.floor(ms / RATIONS[this.of].piece);

  add(piece: number, by: 1 | -1 = 1): void {
    const at = piece % this.pieces.length;
    this.pieces[at] = (this.pieces[at] ?? 0) + by;
    this.total += by;
  }

  /** Lets go of what is older; true if there was something. */
  pass(piece: number): boolean {
    if (piece <= this.newest) return false;
    const had = this.total;
    const first = Math.max(this.newest + 1, piece - this.pieces.length + 1);
    for (let k = first; k <= piece; k += 1) {
      const at = k % this.pieces.length;
      this.total -= this.pieces[at] ?? 0;
      this.pieces[at] = 0;
    }
    this.newest = piece;
    return this.total < had;
  }
}
