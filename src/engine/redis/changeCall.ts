import type { Click } from '../../domain/clicks.js';
import { inSeconds, Refusal } from '../../domain/errors.js';
import { type Binding, ended, FULL_RETRY, type Taken, type Taking } from '../../domain/seating.js';
import type { Unseated } from '../engine.js';
import type { Arg } from './calls.js';
import { closed } from './lifecycle.js';

// What `CHANGE` is asked, and how its answers read (scripts/changeLua.ts).

export type Request =
  | ({ what: 'take' } & Taking)
  | ({ what: 'bind' } & Binding)
  | { what: 'click'; number: number | null; click: Click }
  | { what: 'back'; number: number; sitting: number }
  | { what: 'leave'; number: number; sitting: number | null };
/** A refusal is an answer to one request; a failure of the batch is thrown. */
export type Answer = Taken | Left | Bound | Clicked | Freed | Refusal;
/** What became of a click as it is kept, and what of the one that it undid. */
export type Clicked = { kept: string; undone: string | null };
/** The sitting that was taken back. */
type Freed = { freed: number };
/** The sitting that ended; or null, and the one that had ended before, if any did. */
type Left = { left: number | null; before?: { sitting: number; at: number } };

/** The number that a pass stands for. */
type Bound = { bound: number };

/** A request as the script reads it. */
export function spellRequest(request: Request): Arg[] {
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

/** A click as it is kept: number, sitting, and what became of it. */
export function readKept(kept: string): { number: number; sitting: number; done: string } {
  const [number, sitting, done = ''] = kept.split(' ');
  return { number: Number(number), sitting: Number(sitting), done };
}

export function readAnswer(answer: string, openedAt: number): Answer {
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
export function readSeat(text: string, openedAt: number): Taken {
  const [number, sitting, since] = text.split(':').map(Number) as [number, number, number];
  return { number, sitting, since: openedAt + since };
}

/** `sitting:at:why`, at counted from `openedAt`. */
export function readMark(text: string, openedAt: number): Unseated {
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
