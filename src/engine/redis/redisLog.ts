import { type Totals, totalsAt } from '../../domain/record.js';
import { unavailable } from '../deadline.js';
import type { SeatChange, Seats, Tail } from '../engine.js';
import type { Hours } from './hours.js';
import { epochOf, HEADER, nowOf, openedAtOf, readTally, seqOf } from './liveReply.js';
import type { Live } from './liveState.js';
import type { Reply } from './reply.js';
import { SCAN_SEATS, SEATS, TAIL, TAIL_MOST, TOTALS } from './scripts/logLua.js';

/** Attempts at a scan that the log outran. */
const ATTEMPTS = 3;

/** The log of open NoSos, read by cursor. */
export class Log {
  constructor(
    private readonly live: Live,
    private readonly hours: Hours,
  ) {}

  async tail(noso: string, since: number | null): Promise<Tail> {
    const reply = await this.live.run(noso, TAIL, [since ?? '', TAIL_MOST, 0]);
    const entries = reply.maybe(HEADER + 2);
    return {
      epoch: epochOf(reply),
      seq: seqOf(reply),
      count: reply.number(HEADER),
      peak: reply.number(HEADER + 1),
      changes: entries === null ? null : this.told(reply, entries, since ?? 0),
    };
  }

  async totals(noso: string): Promise<Totals> {
    const reply = await this.live.run(noso, TOTALS, []);
    const endsAt = reply.number(HEADER);
    const tally = readTally(reply, HEADER + 1, {
      beganAt: reply.number(HEADER + 8),
      byHand: reply.number(HEADER + 9),
    });
    return totalsAt(tally, Math.min(nowOf(reply), endsAt));
  }

  /** Entries, dated by the time that nodes go by. */
  private told(reply: Reply, entries: string, since: number): SeatChange[] {
    const openedAt = this.hours.told(openedAtOf(reply), nowOf(reply));
    return readEntries(entries, since, openedAt);
  }

  async seats(noso: string, asOf: number): Promise<Seats> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const reply = await this.live.run(noso, SEATS, [asOf]);
      const epoch = epochOf(reply);
      const seq = reply.number(HEADER);
      const numbers = reply.maybe(HEADER + 1);
      const openedAt = openedAtOf(reply);
      if (numbers !== null) {
        const changes = readEntries(reply.text(HEADER + 2), seq, openedAt);
        return { epoch, seq, numbers: undo(readNumbers(numbers), changes) };
      }
      const scanned = await this.scan(noso, epoch);
      if (!scanned) continue;
      const changes = await this.changesSince(noso, epoch, seq);
      if (changes) return { epoch, seq, numbers: undo(scanned, changes) };
    }
    throw unavailable('the log outran the reading of the seats');
  }

  /** All who were seated throughout the scan, and some of those who came or left meanwhile. */
  private async scan(noso: string, epoch: number): Promise<Set<number> | null> {
    const found = new Set<number>();
    let cursor = '0';
    do {
      const reply = await this.live.run(noso, SCAN_SEATS, [cursor]);
      if (epochOf(reply) !== epoch) return null;
      cursor = reply.text(HEADER);
      for (const number of readNumbers(reply.text(HEADER + 1))) found.add(number);
    } while (cursor !== '0');
    return found;
  }

  /** All entries after `since`, in pieces; null if the log does not reach back so far any more. */
  private async changesSince(noso: string, epoch: number, since: number) {
    const changes: SeatChange[] = [];
    for (;;) {
      const cursor = since + changes.length;
      const reply = await this.live.run(noso, TAIL, [cursor, TAIL_MOST, 1]);
      const entries = reply.maybe(HEADER + 2);
      if (epochOf(reply) !== epoch || entries === null) return null;
      for (const change of readEntries(entries, cursor, openedAtOf(reply))) changes.push(change);
      if (since + changes.length >= seqOf(reply)) return changes;
    }
  }
}

const readNumbers = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));

/** Entries as they are kept, `at+number` or `at-number`, the first of which has seq `since + 1`. */
function readEntries(text: string, since: number, openedAt: number): SeatChange[] {
  if (text === '') return [];
  return text.split(',').map((entry, k) => {
    const sign = entry.search(/[+-]/);
    return {
      seq: since + 1 + k,
      at: openedAt + Number(entry.slice(0, sign)),
      number: Number(entry.slice(sign + 1)),
      seated: entry[sign] === '+',
    };
  });
}

/** The set as it was before `changes`: whoever was in one was, before the first, the contrary. */
function undo(numbers: Iterable<number>, changes: readonly SeatChange[]): number[] {
  const first = new Map<number, boolean>();
  for (const { number, seated } of changes) if (!first.has(number)) first.set(number, !seated);
  const set: number[] = [];
  for (const number of numbers) if (!first.has(number)) set.push(number);
  for (const [number, seated] of first) if (seated) set.push(number);
  return set;
}
