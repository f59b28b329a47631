import { type Click, type ClickResult, readDone } from '../../domain/clicks.js';
import { Refusal } from '../../domain/errors.js';
import type { Binding, Taken, Taking } from '../../domain/seating.js';
import type { Heard, Sat } from '../engine.js';
import { acknowledged } from './acknowledging.js';
import { Batch } from './batch.js';
import {
  type Answer,
  type Request,
  readAnswer,
  readKept,
  readMark,
  readSeat,
  spellRequest,
} from './changeCall.js';
import { epochOf, HEADER, nowOf, openedAtOf } from './liveReply.js';
import type { Live } from './liveState.js';
import type { Pace } from './pace.js';
import type { Recovery } from './recovery.js';
import { CHANGE } from './scripts/changeLua.js';
import { HELD } from './scripts/logLua.js';
import { HEAR, SEAT } from './scripts/singleLua.js';

/** Requests in one script: Redis is held up for a millisecond at most. */
const REQUESTS_AT_ONCE = 200;

/** Seats of open NoSos. What is asked at once goes in one script, in the order it was asked. */
export class Seating {
  private readonly batches = new Map<string, Batch<Request, Answer>>();
  /** When phones were heard that Redis was not there to be told of, by NoSo and number. */
  private readonly unwritten = new Map<string, Map<number, Heard>>();

  constructor(
    private readonly live: Live,
    private readonly recovery: Recovery,
    private readonly pace: Pace,
    /** Redis' time. */
    private readonly now: () => number,
  ) {}

  async take(noso: string, taking: Taking): Promise<Taken> {
    const answer = await this.ask(noso, { what: 'take', ...taking });
    if (!('since' in answer)) throw new Error('script: a take was answered like something else');
    return answer;
  }

  async bind(noso: string, binding: Binding): Promise<number> {
    const answer = await this.ask(noso, { what: 'bind', ...binding });
    if (!('bound' in answer)) throw new Error('script: a binding was answered like something else');
    return answer.bound;
  }

  async click(noso: string, click: Click): Promise<ClickResult> {
    const number = 'number' in click ? click.number : null;
    const answer = await this.ask(noso, { what: 'click', number, click });
    if (!('kept' in answer)) throw new Error('script: a click was answered like something else');
    const { number: whose, done } = readKept(answer.kept);
    return { why: readDone(done).why as ClickResult['why'], number: whose };
  }

  async takeBack(noso: string, since: number, until: number): Promise<Sat[]> {
    const freed: Sat[] = [];
    const asks: Promise<void>[] = [];
    const free = async (one: Sat) => {
      if ('freed' in (await this.ask(noso, { what: 'back', ...one }))) freed.push(one);
    };
    for await (const one of this.takenByPhones(noso, since, until)) asks.push(free(one));
    await Promise.all(asks);
    return freed;
  }

  async takenIn(noso: string, since: number, until: number): Promise<number> {
    const numbers = new Set<number>();
    for await (const { number } of this.takenByPhones(noso, since, until)) numbers.add(number);
    return numbers.size;
  }

  private async *takenByPhones(noso: string, since: number, until: number) {
    for await (const { number, sitting, at, by } of this.held(noso)) {
      if (by === '-' && at >= since && at <= until) yield { number, sitting };
    }
  }

  async doors(noso: string): Promise<Map<string, number>> {
    const doors = new Map<number, string>();
    for await (const { number, by } of this.held(noso)) doors.set(number, by);
    const here = new Map<string, number>();
    for (const by of doors.values()) {
      const door = by === '.' ? '' : by;
      if (by !== '-') here.set(door, (here.get(door) ?? 0) + 1);
    }
    return here;
  }

  /** All seats, some at a time; one that is taken or left meanwhile may be there or not, or twice. */
  private async *held(noso: string) {
    for (let cursor = ''; cursor !== '0'; ) {
      const reply = await this.live.run(noso, HELD, [cursor || '0']);
      cursor = reply.text(HEADER);
      const openedAt = openedAtOf(reply);
      for (let n = HEADER + 1; n < reply.length; n += 1) {
        const [number, sitting, at, by = '-'] = reply.text(n).split(':');
        yield {
          ...{ number: Number(number), sitting: Number(sitting) },
          ...{ at: openedAt + Number(at), by },
        };
      }
    }
  }

  async leave(noso: string, number: number, sitting: number | null): Promise<boolean> {
    try {
      const answer = await this.ask(noso, { what: 'leave', number, sitting });
      return 'left' in answer && answer.left !== null;
    } catch (error) {
      if (isNotOpen(error)) return false;
      throw error;
    }
  }

  async hear(noso: string, heard: Heard[]): Promise<Heard[]> {
    try {
      return await this.hearOpen(noso, heard);
    } catch (error) {
      if (isNotOpen(error)) return heard;
      // A phone is heard every third of its pocket: its seat is not to lapse for an outage (P4).
      const unwritten = this.unwritten.get(noso) ?? new Map<number, Heard>();
      for (const each of heard.map((one) => this.dated(one))) {
        if (each.at > (unwritten.get(each.number)?.at ?? 0)) unwritten.set(each.number, each);
      }
      this.unwritten.set(noso, unwritten);
      throw error;
    }
  }

  /** Writes down what could not be before. */
  async hearAgain(): Promise<void> {
    const all = [...this.unwritten];
    this.unwritten.clear();
    await Promise.allSettled(all.map(([noso, heard]) => this.hear(noso, [...heard.values()])));
  }

  /** Nobody is heard later than now (P4): what is told to Redis some time later would be. */
  private dated(heard: Heard): Heard {
    return { ...heard, at: Math.min(heard.at, this.now()) };
  }

  private async hearOpen(noso: string, heard: Heard[]): Promise<Heard[]> {
    const absent: Heard[] = [];
    for (let k = 0; k < heard.length; k += REQUESTS_AT_ONCE) {
      const piece = heard.slice(k, k + REQUESTS_AT_ONCE);
      const args = piece.flatMap((each) => [each.number, each.sitting, each.at]);
      const reply = await this.live.run(noso, HEAR, args);
      const gone = new Set<number>();
      for (let n = HEADER; n < reply.length; n += 1) gone.add(reply.number(n) - 1);
      absent.push(...piece.filter((_, n) => gone.has(n)));
      const present = piece.filter((_, n) => !gone.has(n));
      // Whoever was heard sits: should nobody else know so any more, this is what there is.
      const sits = present.map((one) => {
        const { number, sitting } = one;
        const at = nowOf(reply) - (this.now() - this.dated(one).at);
        return { what: 'taken' as const, key: null, number, sitting, at, heard: at };
      });
      this.recovery.note(noso, epochOf(reply), sits);
    }
    return absent;
  }

  async seat(noso: string, number: number) {
    const reply = await this.live.run(noso, SEAT, [number]);
    const openedAt = openedAtOf(reply);
    const [seat, mark] = [reply.text(HEADER), reply.text(HEADER + 1)];
    if (seat !== '')
      return {
        seated: true as const,
        ...readSeat(`${number}:${seat}`, openedAt),
      };
    return mark === '' ? null : readMark(mark, openedAt);
  }

  private async ask(noso: string, request: Request): Promise<Exclude<Answer, Refusal>> {
    let batch = this.batches.get(noso);
    if (!batch) {
      batch = new Batch((requests) => this.send(noso, requests), REQUESTS_AT_ONCE, this.pace);
      this.batches.set(noso, batch);
    }
    try {
      const answer = await batch.add(request);
      if (answer instanceof Refusal) throw answer;
      return answer;
    } finally {
      if (batch.idle) this.batches.delete(noso);
    }
  }

  private async send(noso: string, requests: Request[]): Promise<Answer[]> {
    this.live.attend(noso);
    const reply = await this.live.run(noso, CHANGE, requests.flatMap(spellRequest));
    const openedAt = openedAtOf(reply);
    const answers = requests.map((_, k) => readAnswer(reply.text(HEADER + k), openedAt));
    const now = nowOf(reply);
    const done = requests.flatMap((request, k) => acknowledged(request, answers[k] as Answer, now));
    this.recovery.note(noso, epochOf(reply), done);
    return answers;
  }
}

/** Where no NoSo is open nobody sits. */
const isNotOpen = (error: unknown): boolean =>
  error instanceof Refusal && (error.code === 'not_open' || error.code === 'not_found');
