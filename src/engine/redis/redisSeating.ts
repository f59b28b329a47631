import { type Click, type ClickResult, readDone } from '../../domain/clicks.js';
import { inSeconds, Refusal } from '../../domain/errors.js';
import { type Binding, ended, FULL_RETRY, type Taken, type Taking } from '../../domain/seating.js';
import type { Heard, Sat, Unseated } from '../engine.js';
import { Batch } from './batch.js';
import type { Arg } from './calls.js';
import type { Acknowledged } from './journal.js';
import { closed } from './lifecycle.js';
import { epochOf, HEADER, nowOf, openedAtOf } from './liveReply.js';
import type { Live } from './liveState.js';
import type { Pace } from './pace.js';
import type { Recovery } from './recovery.js';
import { CHANGE } from './scripts/changeLua.js';
import { HELD } from './scripts/logLua.js';
import { HEAR, SEAT } from './scripts/singleLua.js';

/** Requests in one script: Redis is held up for a millisecond at most. */
const REQUESTS_AT_ONCE = 200;

type Request =
  | ({ what: 'take' } & Taking)
  | ({ what: 'bind' } & Binding)
  | { what: 'click'; number: number | null; click: Click }
  | { what: 'back'; number: number; sitting: number }
  | { what: 'leave'; number: number; sitting: number | null };
/** A refusal is an answer to one request; a failure of the batch is thrown. */
type Answer = Taken | Left | Bound | Clicked | Freed | Refusal;
/** What became of a click as it is kept, and what of the one that it undid. */
type Clicked = { kept: string; undone: string | null };
/** The sitting that was taken back. */
type Freed = { freed: number };
/** The sitting that ended; or null, and the one that had ended before, if any did. */
type Left = { left: number | null; before?: { sitting: number; at: number } };

/** The number that a pass stands for. */
type Bound = { bound: number };

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

/** A request as the script reads it. */
function spellRequest(request: Request): Arg[] {
  if (request.what === 'back') return [request.number, `v${request.sitting}`, '', ''];
  if (request.what === 'click') {
    const { key, what, door, at } = request.click;
    const of = request.click.what === 'undo' ? request.click.of : '';
    return [request.number ?? '', 'c', key ?? '', [what, door, Math.max(0, at), of].join('|')];
  }
  const { what, number } = request;
  if (what === 'leave') return [number, `l${request.sitting ?? ''}`, '', ''];
  if (what === 'bind') return [number ?? '', `b${request.issuedAt}`, request.key, ''];
  const { proof, back, key, fresh } = request;
  const asked = proof.kind === 'entry' ? `e${proof.issuedAt}` : `s${proof.sitting}`;
  return [number, back ? asked.toUpperCase() : asked, key ?? '', fresh ? '1' : ''];
}

/** What of an answer is to be put back should Redis lose it. */
function acknowledged(request: Request, answer: Answer, now: number): Acknowledged[] {
  if (answer instanceof Refusal) return [];
  if ('kept' in answer) return clicked(request, answer, now);
  if ('freed' in answer) {
    const { number } = request;
    return [
      { what: 'voided', number: number ?? 0, sitting: answer.freed, at: now, heard: 0, key: null },
    ];
  }
  const key = 'key' in request ? request.key : null;
  if ('bound' in answer) {
    return [{ what: 'bound', number: answer.bound, sitting: 0, at: 0, heard: 0, key }];
  }
  if (!('left' in answer)) {
    const { number, sitting, since } = answer;
    return [{ what: 'taken', number, sitting, at: since, heard: now, key }];
  }
  const left = { number: request.number ?? 0, heard: 0, key: null };
  if (answer.left !== null) return [{ what: 'left', sitting: answer.left, at: now, ...left }];
  // A repeated leave is acknowledged as well: whoever heard the first answer may be gone.
  if (answer.before) return [{ what: 'left', ...answer.before, ...left }];
  const whichever = request.what === 'leave' && request.sitting === null;
  return whichever ? [{ what: 'gone', sitting: 0, at: now, ...left }] : [];
}

/** What of a click is to be put back: what became of it, and whom it seated, or not any more. */
function clicked(request: Request, { kept, undone }: Clicked, now: number): Acknowledged[] {
  const key = request.what === 'click' ? request.click.key : null;
  const { number, sitting, done } = readKept(kept);
  const { what, why, door } = readDone(done);
  const all: Acknowledged[] = [];
  const note = (
    as: Acknowledged['what'],
    of: { number: number; sitting: number },
    text: string | null,
  ) =>
    all.push({ what: as, number: of.number, sitting: of.sitting, at: now, heard: now, key: text });
  if (key !== null) note('clicked', { number, sitting }, `${key} ${done}`);
  if (undone !== null) {
    const at = undone.indexOf(' ');
    const of = readKept(undone.slice(at + 1));
    note('clicked', of, `${undone.slice(0, at)} ${of.done}`);
    if (readDone(of.done).what === 'in') note('voided', of, null);
    else note('hand', { number, sitting }, door);
  } else if (why === 'ok' && what === 'in') note('hand', { number, sitting }, door);
  else if (why === 'ok' && what === 'out') note('out', { number, sitting }, null);
  return all;
}

/** A click as it is kept: number, sitting, and what became of it. */
function readKept(kept: string): { number: number; sitting: number; done: string } {
  const [number, sitting, done = ''] = kept.split(' ');
  return { number: Number(number), sitting: Number(sitting), done };
}

function readAnswer(answer: string, openedAt: number): Answer {
  const [word, rest, at] = answer.split(':');
  switch (word) {
    case 'click': {
      const [kept = '', undone = null] = answer.slice('click:'.length).split(';');
      return { kept, undone };
    }
    case 'freed':
      return { freed: Number(rest) };
    case 'left':
      return { left: Number(rest) };
    case 'absent':
      return { left: null };
    case 'ended':
      return { left: null, before: { sitting: Number(rest), at: openedAt + Number(at) } };
    case 'bound':
      return { bound: Number(rest) };
    case 'over':
      return closed('the NoSo is over');
    case 'conflict':
      return conflict(rest);
    case 'expired':
      return new Refusal('bad_code.pass', 'the pass has expired');
    case 'spent':
      return new Refusal('spent');
    case 'too_soon':
      return new Refusal('too_soon', undefined, inSeconds(Number(rest)));
    case 'full':
      return new Refusal('full', undefined, FULL_RETRY);
    default:
      return readSeat(answer, openedAt);
  }
}

function conflict(with_: string | undefined): Refusal {
  if (with_ === 'used')
    return new Refusal('conflict.pass_used', 'this pass was used for another number');
  if (with_ === 'pass')
    return new Refusal('conflict.sitting', 'this pass is of a sitting that ended');
  return ended({ why: whyOf(with_) });
}

/** `number:sitting:since`, since counted from `openedAt`. */
function readSeat(text: string, openedAt: number): Taken {
  const [number, sitting, since] = text.split(':').map(Number) as [number, number, number];
  return { number, sitting, since: openedAt + since };
}

/** `sitting:at:why`, at counted from `openedAt`. */
function readMark(text: string, openedAt: number): Unseated {
  const [sitting, at, why, free] = text.split(':');
  return {
    seated: false,
    sitting: Number(sitting),
    at: openedAt + Number(at),
    why: whyOf(why),
    ...(free ? { free: Number(free) } : {}),
  };
}

const whyOf = (word: string | undefined): Unseated['why'] =>
  word === 'left' || word === 'voided' ? word : 'lapsed';
