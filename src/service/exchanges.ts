import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';

/** Ways in are counted over this long … */
const WINDOW = 15_000;
/** … in pieces of this. */
const PIECE = 500;
const PIECES = WINDOW / PIECE;
/** Seconds after which whoever was refused may ask again. */
const RETRY_MOST = 5;
/** Addresses told apart at one NoSo. Beyond, they are one. */
const MOST_ADDRESSES = 10_000;

/** How many ways in may be opened at a NoSo within 15 s. */
export const boundOf = (capacity: number | null): number =>
  capacity === null ? 2000 : Math.max(200, 2 * capacity);

/** Counts of the last 15 s, and of the piece before, so that no 15 s have more than they may. */
class Recent {
  total = 0;
  private readonly pieces = new Float64Array(PIECES + 1);
  private newest = 0;

  add(piece: number): void {
    this.pieces[piece % this.pieces.length] = (this.pieces[piece % this.pieces.length] ?? 0) + 1;
    this.total += 1;
  }

  /** Lets go of what is older; true if there was something. */
  pass(piece: number): boolean {
    if (piece <= this.newest) return false;
    const had = this.total;
    const first = Math.max(this.newest + 1, piece - PIECES);
    for (let k = first; k <= piece; k += 1) {
      const at = k % this.pieces.length;
      this.total -= this.pieces[at] ?? 0;
      this.pieces[at] = 0;
    }
    this.newest = piece;
    return this.total < had;
  }
}

type Noso = { all: Recent; addresses: Map<string, Asking>; refusedAt: number };
type Asking = { opened: Recent; askedAt: number };

function othersAsk({ addresses }: Noso, key: string, piece: number): boolean {
  for (const [other, { askedAt }] of addresses) {
    if (other !== key && askedAt > piece - PIECES) return true;
  }
  return false;
}

export type Exchanges = ReturnType<typeof createExchanges>;

/**
 * Bounds how many ways in (codes that are exchanged, whatever for) are opened at a NoSo, so that one
 * look at the wall is worth that much and no more (P8). As long as others ask, no address gets more
 * than half of what these leave free: one flood does not keep a room from filling. Addresses are
 * known by what `Limits.keyOf` makes of them, and forgotten after 15 s.
 */
export function createExchanges(clock: Clock) {
  const nosos = new Map<string, Noso>();
  const pieceNow = () => Math.floor(clock.steady() / PIECE);

  function look(id: string, piece: number): Noso {
    const noso = nosos.get(id) ?? { all: new Recent(), addresses: new Map(), refusedAt: -Infinity };
    nosos.set(id, noso);
    noso.all.pass(piece);
    return noso;
  }

  const stop = clock.every(WINDOW, () => {
    const piece = pieceNow();
    for (const [id, { all, addresses }] of nosos) {
      all.pass(piece);
      for (const [key, { opened, askedAt }] of addresses) {
        opened.pass(piece);
        if (opened.total === 0 && askedAt < piece - PIECES) addresses.delete(key);
      }
      if (all.total === 0 && addresses.size === 0) nosos.delete(id);
    }
  });

  return {
    /** Opens a way in for an address, or throws `rate_limited`. */
    admit(id: string, capacity: number | null, address: string): void {
      const piece = pieceNow();
      const noso = look(id, piece);
      const { all, addresses } = noso;
      const key = addresses.has(address) || addresses.size < MOST_ADDRESSES ? address : '';
      const own = addresses.get(key) ?? { opened: new Recent(), askedAt: piece };
      addresses.set(key, own);
      own.opened.pass(piece);
      own.askedAt = piece;
      const bound = boundOf(capacity);
      const free = bound - (all.total - own.opened.total);
      const alone = !othersAsk(noso, key, piece);
      if (all.total < bound && (alone || own.opened.total < free / 2)) {
        all.add(piece);
        own.opened.add(piece);
        return;
      }
      noso.refusedAt = piece;
      throw new Refusal('rate_limited.exchanges', 'the code is exchanged too often', RETRY_MOST);
    },
    /** Whether somebody was refused lately: a code is exchanged faster than people come in. */
    strained: (id: string): boolean =>
      (nosos.get(id)?.refusedAt ?? -Infinity) > pieceNow() - PIECES,
    stop,
  };
}
