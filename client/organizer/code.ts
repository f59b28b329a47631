import type { Code, Noso } from '../../src/protocol/wire.js';
import { Problem } from './api.js';
import { copyButton } from './copy.js';
import { type Desk, every } from './desk.js';
import { fill, h, type Part, set, text } from './dom.js';

/** A code shows for 15 s and is accepted for 60 s from its first showing (contract). */
const SHOWS = 15_000;
const ACCEPTED = 60_000;
/** Before asking again where there was no answer. */
const PAUSE = 4_000;

/** The code that the walls show now, and how long they will. Only codes still shown are shown here. */
export function codeOfTheMoment(desk: Desk, noso: () => Noso | undefined): Part {
  const { w, t, store, api } = desk;
  const code = h('p', { class: 'code' });
  const next = h('p', { class: 'note' });
  const copy = copyButton(desk, w.code.copy, () => held?.url ?? '');
  const node = h('div', { class: 'code-now' }, code, next);
  let held: Code | null = null;
  let refused = false;
  let asking = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  const turns = () => noso()?.entry === 'code';
  const until = (c: Code) => Date.parse(c.validUntil) - (turns() ? ACCEPTED - SHOWS : 0);

  async function ask(): Promise<void> {
    const about = noso();
    if (!about || asking || refused || Date.now() - askedAt < PAUSE) return;
    if (held && store.now() < until(held)) return;
    asking = true;
    try {
      held = await api.code(about.id);
      // The next one may be asked for as soon as it is due.
      askedAt = Number.NEGATIVE_INFINITY;
      if (store.now() >= until(held)) askedAt = Date.now() - PAUSE + 1_000;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      askedAt = Date.now();
      refused =
        error.code === 'not_open' || error.code === 'conflict' || error.code === 'not_found';
    } finally {
      asking = false;
    }
    update();
  }

  function update(): void {
    const shown = held && store.now() < until(held) ? held : null;
    text(code, shown?.code ?? '');
    set(code, 'hidden', !shown);
    const seconds = shown ? Math.max(1, Math.ceil((until(shown) - store.now()) / 1000)) : 0;
    const said = shown
      ? turns()
        ? t(w.code.next, { n: seconds })
        : w.code.same
      : refused
        ? w.code.atOpening
        : w.code.waiting;
    text(next, said);
    fill(node, shown && !turns() ? [code, next, copy.node] : [code, next]);
    if (shown === null) void ask();
  }
  const stop = every(1_000, () => void ask());
  void ask();
  return { node, update, stop };
}
