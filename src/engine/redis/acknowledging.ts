import { readDone } from '../../domain/clicks.js';
import { Refusal } from '../../domain/errors.js';
import { type Answer, type Clicked, type Request, readKept } from './changeCall.js';
import type { Acknowledged } from './journal.js';

/** What of an answer is to be put back should Redis lose it. */
export function acknowledged(request: Request, answer: Answer, now: number): Acknowledged[] {
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
