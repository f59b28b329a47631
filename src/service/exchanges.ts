import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { RATIONS, Recent } from '../domain/ration.js';
import type { Engine } from '../engine/engine.js';

const { within: WINDOW, piece: PIECE } = RATIONS.ways;
const PIECES = WINDOW / PIECE;
/** Seconds after which whoever was refused may ask again. */
const RETRY_MOST = 5;
/** Pieces between two tellings of other processes. */
const TELL = 4;
/** Addresses told apart at one NoSo. Beyond, they are one. */
const MOST_ADDRESSES = 10_000;

/** How many ways in may be opened at a NoSo within 15 s. */
export const boundOf = (capacity: number | null): number =>
  capacity === null ? 2000 : Math.max(200, 2 * capacity);

type Noso = {
  /** Of this process. */
  all: Recent;
  /** Of all of them, as was told last, and in which piece of time. */
  told: { total: number; piece: number };
  addresses: Map<string, Asking>;
  /** Pieces of time: when somebody was refused last, and when that was last told or heard. */
  refusedAt: number;
  toldAt: number;
};
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
 * known by what `Limits.keyOf` makes of them, forgotten after 15 s, and told to no other process: how
 * many there are in all is counted by the engine, over all of them.
 */
export function createExchanges(deps: {
  clock: Clock;
  engine: Pick<Engine, 'ration'>;
  /** Told, once in a while, that somebody is refused: other processes are to say so as well. */
  strain: (noso: string) => void;
}) {
  const { clock, engine } = deps;
  const nosos = new Map<string, Noso>();
  const pieceNow = () => Math.floor(clock.steady() / PIECE);

  function look(id: string, piece: number): Noso {
    const noso = nosos.get(id) ?? {
      all: new Recent(),
      told: { total: 0, piece: 0 },
      addresses: new Map(),
      ...{ refusedAt: -Infinity, toldAt: -Infinity },
    };
    nosos.set(id, noso);
    noso.all.pass(piece);
    return noso;
  }

  const stop = clock.every(WINDOW, () => {
    const piece = pieceNow();
    // What was opened so long ago does not count any more: who last asked then opened nothing since.
    for (const [id, { addresses, refusedAt }] of nosos) {
      for (const [key, { askedAt }] of addresses) {
        if (askedAt < piece - PIECES) addresses.delete(key);
      }
      if (addresses.size === 0 && refusedAt < piece - PIECES) nosos.delete(id);
    }
  });

  function refuse(id: string, noso: Noso, piece: number): never {
    if (noso.toldAt < piece - TELL) {
      noso.toldAt = piece;
      deps.strain(id);
    }
    noso.refusedAt = piece;
    throw new Refusal('rate_limited.exchanges', 'the code is exchanged too often', RETRY_MOST);
  }

  /**
   * Counts one with all processes; false where that is one too many. Where the store does not answer
   * this process counts alone: nobody is seated meanwhile, and a slow phone keeps its turn.
   */
  async function counted(id: string, noso: Noso, bound: number): Promise<boolean> {
    try {
      const total = await engine.ration(id, 'ways', bound);
      noso.told = { total: total ?? bound, piece: pieceNow() };
      return total !== null;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'unavailable') return true;
      throw error;
    }
  }

  return {
    /** Opens a way in for an address, or throws `rate_limited`. */
    async admit(id: string, capacity: number | null, address: string): Promise<void> {
      const piece = pieceNow();
      const noso = look(id, piece);
      const { all, told, addresses } = noso;
      const key = addresses.has(address) || addresses.size < MOST_ADDRESSES ? address : '';
      const own = addresses.get(key) ?? { opened: new Recent(), askedAt: piece };
      addresses.set(key, own);
      own.opened.pass(piece);
      own.askedAt = piece;
      const bound = boundOf(capacity);
      const total = piece - told.piece > 1 ? all.total : Math.max(all.total, told.total);
      const free = bound - (total - own.opened.total);
      const alone = !othersAsk(noso, key, piece);
      if (all.total >= bound || !(alone || own.opened.total < free / 2)) refuse(id, noso, piece);
      all.add(piece);
      own.opened.add(piece);
      if (await counted(id, noso, bound)) return;
      all.add(piece, -1);
      own.opened.add(piece, -1);
      refuse(id, noso, pieceNow());
    },
    /** Whether somebody was refused lately: a code is exchanged faster than people come in. */
    strained: (id: string): boolean =>
      (nosos.get(id)?.refusedAt ?? -Infinity) > pieceNow() - PIECES,
    /** Another process says so. */
    heard(id: string): void {
      const piece = pieceNow();
      Object.assign(look(id, piece), { refusedAt: piece, toldAt: piece });
    },
    stop,
  };
}
