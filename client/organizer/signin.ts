import { say } from '../../src/service/words.js';
import { type Api, Problem, type SignIn } from './api.js';
import type { PageWords } from './desk.js';
import { h, set, text } from './dom.js';
import { input } from './fields.js';
import { keyOf } from './router.js';

/** How long an unanswered question waits before it is asked again. */
const PAUSE = 4_000;

/** What the sign-in page says first: nothing, or why it is there again. */
export type Why = 'first' | 'lost' | 'out';

/** The page for those who have no session: how to come by a link, and where to put it. */
export function signInPage(
  words: PageWords,
  api: Api,
  why: Why,
  entered: (who: SignIn) => void,
): { node: HTMLElement; enter(key: string): Promise<void> } {
  const w = words.console;
  const field = input({
    label: w.signIn.label,
    attributes: { spellcheck: 'false', autocapitalize: 'off' },
  });
  const button = h('button', { class: 'button primary', type: 'submit' }, w.signIn.enter);
  const said = h('p', { class: 'trouble', role: 'alert' }, why === 'lost' ? w.signIn.lost : '');
  let busy = false;

  async function enter(key: string): Promise<void> {
    if (busy || key === '') return;
    busy = true;
    set(button, 'aria-disabled', 'true');
    text(said, w.signIn.entering);
    try {
      entered(await api.signIn(key));
      return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const byCode: Record<string, string> = w.signIn.problems;
      const sentence = byCode[error.code] ?? w.signIn.problems.unauthorized;
      text(said, say(words.code, sentence, { n: error.retryAfter ?? 5 }));
      // The key is in no address any more: it stays in the field for another try.
      field.put(key);
    }
    busy = false;
    set(button, 'aria-disabled', null);
  }

  const node = h(
    'main',
    { class: 'sign-in' },
    h('h1', { class: 'title' }, w.title),
    h('p', {}, why === 'out' ? w.signIn.out : w.signIn.need),
    h('p', { class: 'command' }, h('code', {}, 'npm run --silent link')),
    h('p', { class: 'about' }, w.signIn.howLong),
    h(
      'form',
      {
        class: 'form',
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          void enter(keyOf(field.value()));
        },
      },
      field.node,
      h('p', { class: 'send' }, button),
      said,
    ),
  );
  return { node, enter };
}

/** Who is signed in, or null; asked until there is an answer, and `waiting` says so meanwhile. */
export async function whoAmI(api: Api, waiting: () => void): Promise<SignIn | null> {
  for (;;) {
    try {
      return await api.whoAmI();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (['unauthorized', 'forbidden'].includes(error.code)) return null;
      waiting();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
