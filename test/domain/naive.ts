import type { Taking, Terms } from '../../src/domain/seating.js';

/**
 * Seats as somebody would keep them on paper: one list of what happened, read from the start for
 * every question. Written from the promises, not from the code; slow, and hard to get wrong.
 */
export type Happened = {
  at: number;
  number: number;
  what: 'take' | 'leave' | 'lapse';
  sitting: number;
};

const MINUTE = 60_000;

export class Paper {
  readonly happened: Happened[] = [];
  private readonly passes: { key: string; number: number }[] = [];
  private readonly packets: { number: number; sitting: number; at: number }[] = [];

  constructor(
    readonly openedAt: number,
    readonly terms: Terms,
  ) {}

  last(number: number): Happened | undefined {
    return this.happened.filter((h) => h.number === number).at(-1);
  }

  sits(number: number): boolean {
    return this.last(number)?.what === 'take';
  }

  seated(): number[] {
    return [...new Set(this.happened.map((h) => h.number))].filter((n) => this.sits(n));
  }

  /** The code of the refusal, or whose seat it is. */
  take(taking: Taking, now: number): string | { number: number; sitting: number } {
    if (now >= this.terms.endsAt) return 'not_open';
    const used = this.passes.find((p) => p.key === taking.key);
    if (used && used.number !== taking.number && !taking.fresh) return 'conflict';
    const number = used ? used.number : taking.number;
    const use = () => void (taking.key && !used && this.passes.push({ key: taking.key, number }));
    const last = this.last(number);
    const { proof, back } = taking;
    if (last?.what === 'take') {
      const ended = proof.kind === 'seat' && proof.sitting < last.sitting;
      if (ended && !back) return 'conflict';
      this.packets.push({ number, sitting: last.sitting, at: now });
      use();
      return { number, sitting: last.sitting };
    }
    if (last && !back) return 'conflict';
    if (proof.kind === 'entry') {
      const from = Math.max(proof.issuedAt, this.openedAt);
      if (now > from + 10 * MINUTE) return 'bad_code';
    }
    // Three returns: four sittings in all.
    if (last && last.sitting >= 4) return 'spent';
    if (last && now < last.at + MINUTE) return 'too_soon';
    if (this.terms.capacity !== null && this.seated().length >= this.terms.capacity) return 'full';
    const again = proof.kind === 'seat' ? proof.sitting : 1;
    const sitting = last ? last.sitting + 1 : again;
    this.happened.push({ at: now, number, what: 'take', sitting });
    use();
    return { number, sitting };
  }

  leave(number: number, sitting: number | null, now: number): boolean {
    const last = this.last(number);
    if (last?.what !== 'take') return false;
    if (sitting !== null && sitting !== last.sitting) return false;
    this.happened.push({ at: now, number, what: 'leave', sitting: last.sitting });
    return true;
  }

  hear(number: number, sitting: number, at: number): boolean {
    const last = this.last(number);
    if (last?.what !== 'take' || last.sitting !== sitting) return false;
    this.packets.push({ number, sitting, at });
    return true;
  }

  /** Who lapses at `now`, in no order. */
  lapse(now: number): number[] {
    const { pocket } = this.terms;
    if (pocket === null) return [];
    const silent = this.seated().filter((number) => {
      const seat = this.last(number) as Happened;
      const heard = this.packets.filter((p) => p.number === number && p.sitting === seat.sitting);
      const seen = Math.max(seat.at, ...heard.filter((p) => p.at >= seat.at).map((p) => p.at));
      return now - seen >= pocket * 1000;
    });
    for (const number of silent) {
      const { sitting } = this.last(number) as Happened;
      this.happened.push({ at: now, number, what: 'lapse', sitting });
    }
    return silent;
  }

  /** How many sat just after `at`. */
  countAt(at: number): number {
    const till = this.happened.filter((h) => h.at <= at);
    return till.filter((h) => h.what === 'take').length * 2 - till.length;
  }

  record(closedAt: number) {
    let most = 0;
    let count = 0;
    for (const { what } of this.happened) {
      count += what === 'take' ? 1 : -1;
      most = Math.max(most, count);
    }
    let ms = 0;
    for (const [k, { at, number, what }] of this.happened.entries()) {
      if (what !== 'take') continue;
      const end = this.happened.slice(k + 1).find((h) => h.number === number);
      ms += (end?.at ?? closedAt) - at;
    }
    const series: { at: number; count: number }[] = [];
    for (let at = this.openedAt; at < closedAt; at += MINUTE) {
      series.push({ at, count: this.countAt(at) });
    }
    series.push({ at: closedAt, count: this.countAt(closedAt) });
    return {
      peak: most,
      total: new Set(this.happened.map((h) => h.number)).size,
      personMinutes: Math.round(ms / MINUTE),
      series,
    };
  }
}
