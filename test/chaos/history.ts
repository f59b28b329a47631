// What was asked, answered and shown during a run. Times in ms of this process' clock.

/** One process of a node, from its start to its end. */
export type Incarnation = { node: number; died: number | null };

/** An answer that said yes, and the process that gave it. */
export type Said = { at: number; by: Incarnation };

/**
 * One stay of a number. Between the first request and the first answer it may or may not be seated;
 * from the answer on it must be, until somebody asks for it to end.
 */
export type Sitting = {
  noso: string;
  number: string;
  askedAt: number;
  /** Every acknowledgement of the take and of what repeated it. */
  said: Said[];
  /** As acknowledged; the same each time (P3). */
  since: number | null;
  leaveAskedAt: number | null;
  left: Said | null;
  /** When it may end by itself, and when it must have (finite pocket). */
  lapsesFrom: number | null;
  lapsesAt: number | null;
};

/** A frame as a wall got it; `connection` is one connection of one wall, to `node`. */
export type Shown = { at: number; connection: number; wall: number; node: number; noso: string } & (
  | {
      event: 'snapshot';
      epoch: number;
      seq: number;
      count: number;
      numbersSeq: number;
      numbers: string[];
    }
  | { event: 'count'; epoch: number; seq: number; count: number }
  | { event: 'numbers'; epoch: number; from: number; seq: number; seated: string[]; gone: string[] }
);

/** When Redis as a whole could not answer. */
export type Outage = { from: number; to: number };

/** Every request of a phone that was answered, or given up. */
export type Asked = { from: number; to: number; node: number; answer: string };

/** A press at a door: what it was to do to the count, and what became of it (`ok`, or a code). */
export type HandClick = {
  noso: string;
  id: string;
  what: 'in' | 'out' | 'undo';
  of?: string;
  askedAt: number;
  ackedAt: number | null;
  by: 1 | -1;
  result: string | null;
  undone?: boolean;
};

export type History = {
  began: number;
  sittings: Sitting[];
  hands: HandClick[];
  shown: Shown[];
  asked: Asked[];
  outages: Outage[];
  /** How often a replica took over. */
  failovers: number;
  /** When a node could not answer because its process was stopped. */
  stopped: (Outage & { node: number })[];
  /**
   * Numbers whose pass was good again though they had left, or lapsed: a failover lost that, and the
   * nodes which had acknowledged it are gone.
   */
  told: string[];
  /** What needs no set to be seen wrong. */
  wrong: string[];
};

export const newHistory = (): History => ({
  began: Date.now(),
  sittings: [],
  hands: [],
  shown: [],
  asked: [],
  outages: [],
  failovers: 0,
  stopped: [],
  told: [],
  wrong: [],
});

/** A stay that is being asked for from now on. */
export const newSitting = (noso: string, number: string): Sitting => ({
  noso,
  number,
  askedAt: Date.now(),
  said: [],
  since: null,
  leaveAskedAt: null,
  left: null,
  lapsesFrom: null,
  lapsesAt: null,
});

/** When a sitting was first acknowledged. */
export const ackedAt = ({ said }: Sitting): number => said[0]?.at ?? Number.POSITIVE_INFINITY;

/** From when on it need not be seated any more. */
export const mustUntil = (s: Sitting): number =>
  Math.min(s.leaveAskedAt ?? Number.POSITIVE_INFINITY, s.lapsesFrom ?? Number.POSITIVE_INFINITY);

/** From when on it must not be seated any more. */
export const mayUntil = (s: Sitting): number =>
  Math.min(s.left?.at ?? Number.POSITIVE_INFINITY, s.lapsesAt ?? Number.POSITIVE_INFINITY);
