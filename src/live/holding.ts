import { Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import { lastTick, net } from '../domain/veil.js';
import type { Engine, SeatChange, Tail } from '../engine/engine.js';
import { MOST_NUMBERS } from '../protocol/wire.js';

/**
 * What a node holds of one NoSo's log: where it stands, the numbers as of the last veil tick, and
 * what no tick has shown yet. One value, of one epoch: it is replaced as a whole, or not at all,
 * so that whoever looks while reads are under way, or after they failed, sees one state (W2).
 */
export type Holding = {
  epoch: number;
  seq: number;
  count: number;
  peak: number;
  /** As of `numbersSeq`, in no order; null where they are not shown. */
  numbers: Set<number> | null;
  numbersSeq: number;
  /** Changes after `numbersSeq`, up to `seq`. */
  pending: SeatChange[];
};

/** A net change of the numbers shown. */
export type NumbersChange = { from: number; seq: number; seated: number[]; gone: number[] };

/** Whether this many numbers of that NoSo are to be shown. */
export const showsNumbers = (noso: Noso, count: number): boolean =>
  noso.show === 'numbers' && count <= MOST_NUMBERS;

/**
 * Reads all of it: the set as of the last tick, and what happened since as pending. Where too much
 * happened since to be told, the set as of now: right, if ahead of its tick.
 */
export async function holdAnew(engine: Engine, noso: Noso): Promise<Holding> {
  const { epoch, seq, count, peak } = await engine.tail(noso.id, null);
  if (!showsNumbers(noso, count)) {
    return { epoch, seq, count, peak, numbers: null, numbersSeq: seq, pending: [] };
  }
  for (const asOf of [lastTick(noso.veil, engine.now()), Number.POSITIVE_INFINITY]) {
    const seats = await engine.seats(noso.id, Math.min(asOf, engine.now()));
    const since = await engine.tail(noso.id, seats.seq);
    if (since.changes === null || seats.epoch !== since.epoch) continue;
    return {
      epoch: since.epoch,
      seq: since.seq,
      count: since.count,
      peak: since.peak,
      numbers: new Set(seats.numbers),
      numbersSeq: seats.seq,
      pending: since.changes,
    };
  }
  throw new Refusal('unavailable.no_answer', 'the log moved on faster than it was read', 1);
}

/** From where on the log has to be read to go on with what is held; null: only where it stands. */
export const cursorOf = ({ numbers, seq }: Holding): number | null => (numbers ? seq : null);

/**
 * Takes in what was appended after `cursorOf`. False, and nothing is changed, if that does not
 * follow: the log is another one, or does not reach back so far any more.
 */
export function followOn(holding: Holding, tail: Tail): boolean {
  if (tail.epoch !== holding.epoch || tail.seq < holding.seq) return false;
  if (holding.numbers && tail.changes === null) return false;
  holding.seq = tail.seq;
  holding.count = tail.count;
  holding.peak = tail.peak;
  for (const change of tail.changes ?? []) holding.pending.push(change);
  return true;
}

/** Lets what is pending be seen. Null where nothing is; `seated` and `gone` in the log's order. */
export function reveal(holding: Holding): NumbersChange | null {
  const { numbers, pending, numbersSeq: from, seq } = holding;
  if (!numbers || pending.length === 0) return null;
  const { seated, gone } = net(numbers, pending);
  holding.pending = [];
  holding.numbersSeq = seq;
  for (const number of gone) numbers.delete(number);
  for (const number of seated) numbers.add(number);
  return { from, seq, seated, gone };
}
