import { setTimeout as pause } from 'node:timers/promises';
import type { Seat } from '../../src/protocol/wire.js';
import { type Answer, ask, connect, insist } from './ask.js';
import type { Chance } from './chance.js';
import type { Gathering } from './gatherings.js';
import { type History, newSitting, type Said, type Sitting } from './history.js';
import type { Line } from './line.js';
import type { Node } from './nodes.js';

/** S4: whoever left may come back after this long, in ms. */
const RETURN = 61_000;
/** A take that is acknowledged so soon was asked for once. */
const PROMPT = 500;
/** What a node had given up may be carried out by a Redis that was stopped for as long. */
const LATE = 5000;

/** One number and whoever holds it: what they ask for is asked again until it is answered. */
export class Person {
  private token = '';
  private sitting: Sitting | null = null;
  private line: Line | null = null;
  private staying = false;
  private returns: Promise<unknown> = Promise.resolve();
  private unanswered = 0;

  constructor(
    private readonly deps: {
      gathering: Gathering;
      nodes: Node[];
      history: History;
      chance: Chance;
      ending: AbortSignal;
      /** A failover may lose what only a dead node acknowledged. */
      lossy: boolean;
    },
  ) {}

  /** From the door to the end of the stay. */
  async live(): Promise<void> {
    const { gathering, chance, ending } = this.deps;
    const pass = gathering.pass();
    const drawn = await this.insist<{ number: string; token: string }>(() =>
      this.asking('POST', '/api/numbers', { body: { pass } }),
    );
    if (!drawn) return;
    this.token = drawn.token;
    let proof: string | null = pass;
    let back = false;
    while (proof !== null) {
      const seat = await this.sit(drawn.number, proof, back);
      if (!seat) return;
      await this.stay(seat);
      if (gathering.pocket !== null) return this.outstay(seat);
      if (!chance.happens(gathering.leaving)) return void (await this.returns);
      const left = await this.leave();
      if (!left) return;
      await this.forgottenTab(seat, left);
      const again = !ending.aborted && chance.happens(0.3);
      proof = again && (await this.wait(RETURN)) ? seat.pass : null;
      back = true;
    }
  }

  /** Whether something that was asked for has no answer yet. */
  get waits(): boolean {
    return this.unanswered > 0;
  }

  /** Its phone is out of reach: the seat stays. */
  vanish(): void {
    this.line?.vanish();
    this.line = null;
  }

  drop(): void {
    this.line?.drop();
  }

  close(): void {
    this.staying = false;
    this.line?.drop();
  }

  private async sit(number: string, pass: string, back: boolean): Promise<Seat | null> {
    const { gathering, history } = this.deps;
    const sitting = newSitting(gathering.noso, number);
    this.sitting = sitting;
    history.sittings.push(sitting);
    this.staying = true;
    return this.take(pass, back);
  }

  /** Takes the seat, or makes sure of it: over HTTP or a socket, wherever a balancer would send it. */
  private async take(pass: string, back = false): Promise<Seat | null> {
    const { chance, gathering } = this.deps;
    const body = { pass, ...(back ? { back } : {}) };
    const sitting = this.sitting as Sitting;
    return this.insist<Seat>(
      async () => {
        const node = chance.pick(this.deps.nodes);
        const by = node.now();
        const answer =
          gathering.pocket === null && chance.happens(0.5)
            ? await this.byLine(node, body)
            : await this.asking<Seat>('PUT', '/api/presence', { body }, node);
        if (answer.is === 'yes') this.seated(sitting, answer.body, { at: Date.now(), by });
        return answer;
      },
      // Nobody is turned away from a seat that is theirs.
      this.mayRefuse(sitting),
    );
  }

  /** What a take may be refused with: a first one whose answers were lost may have lapsed by now. */
  private mayRefuse(sitting: Sitting): string[] {
    if (this.deps.gathering.pocket !== null) return ['conflict'];
    if (sitting.said.length === 0) return ['full'];
    return this.deps.lossy ? ['full', 'conflict'] : [];
  }

  private async byLine(node: Node, body: object): Promise<Answer<Seat>> {
    const from = Date.now();
    const auth = { token: this.token, ...body };
    let mine: Line | null = null;
    let pass = '';
    const { answer, line } = await connect(node.url, auth, () => {
      if (this.line !== mine) return;
      this.line = null;
      if (!this.staying || this.deps.ending.aborted) return;
      this.returns = Promise.all([this.returns, this.comeBack(pass)]);
    });
    mine = line;
    // Seated, one comes back with the pass of this sitting, never with an earlier one.
    if (answer.is === 'yes') pass = answer.body.pass;
    this.note(from, node, answer);
    if (answer.is === 'yes') {
      const before = this.line;
      this.line = line;
      before?.drop();
    }
    return answer;
  }

  private async comeBack(pass: string): Promise<void> {
    await pause(this.deps.chance.between(100, 1500));
    if (this.staying) await this.take(pass);
  }

  private seated(sitting: Sitting, seat: Seat, said: Said): void {
    const { history, gathering, lossy } = this.deps;
    const since = Date.parse(seat.since);
    if (seat.number !== sitting.number) {
      history.wrong.push(`P3 ${sitting.number} was told that it is ${seat.number}`);
    }
    // A seat that a failover lost is taken anew.
    if (!lossy && sitting.since !== null && sitting.since !== since) {
      history.wrong.push(`P3 ${sitting.number}: since ${sitting.since}, then since ${since}`);
    }
    sitting.since = since;
    if (gathering.pocket !== null) {
      const pocket = gathering.pocket * 1000;
      sitting.lapsesFrom = since + pocket;
      // Asking again is being heard, and what went unanswered may be carried out late.
      const late = said.at - since > PROMPT ? LATE : 0;
      sitting.lapsesAt = said.at + late + pocket;
    }
    sitting.said.push(said);
  }

  /** Sits for a while; sometimes asks again, on all nodes at once (P2). */
  private async stay(seat: Seat): Promise<void> {
    const { chance, gathering, nodes } = this.deps;
    await this.wait(chance.between(...gathering.stays));
    if (gathering.pocket !== null || !chance.happens(0.3)) return;
    await Promise.all(nodes.map(() => this.take(seat.pass)));
    await this.wait(chance.between(...gathering.stays));
  }

  private async leave(): Promise<Said | null> {
    const sitting = this.sitting as Sitting;
    this.staying = false;
    await this.returns;
    sitting.leaveAskedAt = Date.now();
    const by = { said: null as Said | null };
    await this.insist(async () => {
      const node = this.deps.chance.pick(this.deps.nodes);
      const now = node.now();
      const path = `/api/presence/${sitting.noso}`;
      const answer = await this.asking('DELETE', path, {}, node);
      if (answer.is === 'yes') by.said = { at: Date.now(), by: now };
      return answer;
    });
    sitting.left = by.said;
    this.line?.drop();
    return by.said;
  }

  /** P4: without an explicit wish nothing revives a seat that was left, or that lapsed. */
  private async forgottenTab(seat: Seat, left: Said | null): Promise<void> {
    const { history, lossy, gathering } = this.deps;
    const body = { pass: seat.pass };
    const anew = newSitting(gathering.noso, seat.number);
    const answer = await this.insist<Seat>(async () => {
      const node = this.deps.chance.pick(this.deps.nodes);
      const by = node.now();
      const answer = await this.asking<Seat>('PUT', '/api/presence', { body }, node);
      if (answer.is === 'yes') this.seated(anew, answer.body, { at: Date.now(), by });
      return answer;
    }, ['conflict']);
    if (!answer) return;
    const { said, lapsesAt } = this.sitting as Sitting;
    const gone = (left ? [left] : said).every(({ by }) => by.died !== null);
    if (lossy && gone) {
      // Whoever acknowledged its end, or that it ever sat, is no more: the pass is all that is known.
      history.told.push(seat.number);
      history.sittings.push(anew);
      return;
    }
    const ended = left ? left.at : (lapsesAt ?? 0);
    history.wrong.push(
      `P4 ${seat.number}, acknowledged ${said.length} times, was revived by a forgotten tab ` +
        `${Date.now() - ended} ms after it ${left ? 'left' : 'lapsed'}, ` +
        `at ${Date.now() - history.began} ms (${seat.since}, ${answer.since})`,
    );
  }

  /** A silent phone of a NoSo with a pocket: waits until its seat has lapsed. */
  private async outstay(seat: Seat): Promise<void> {
    const lapsesAt = this.sitting?.lapsesAt ?? 0;
    if (await this.wait(lapsesAt + 3000 - Date.now())) await this.forgottenTab(seat, null);
  }

  /** True if it was waited to the end; false once the load ends. */
  private wait(ms: number): Promise<boolean> {
    return pause(Math.max(0, ms), true, { signal: this.deps.ending }).catch(() => false);
  }

  private async asking<T>(
    method: string,
    path: string,
    options: { body?: object },
    node = this.deps.chance.pick(this.deps.nodes),
  ): Promise<Answer<T>> {
    const from = Date.now();
    const answer = await ask<T>(node.url, method, path, { ...options, token: this.token });
    this.note(from, node, answer);
    return answer;
  }

  private note(from: number, node: Node, answer: Answer<unknown>): void {
    const said = answer.is === 'yes' ? 'yes' : answer.code;
    this.deps.history.asked.push({ from, to: Date.now(), node: node.now().node, answer: said });
  }

  private async insist<T>(
    attempt: () => Promise<Answer<T>>,
    expected: readonly string[] = [],
  ): Promise<T | null> {
    this.unanswered += 1;
    try {
      const who = this.sitting?.number ?? 'a phone';
      return await insist(attempt, { ...this.deps, expected, who });
    } finally {
      this.unanswered -= 1;
    }
  }
}
