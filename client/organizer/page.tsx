import { type ComponentChild, render } from 'preact';
import { say } from '../../src/service/words.js';
import { Console } from './console.js';
import { type Api, createApi, Problem, type SignIn } from './consoleApi.js';
import { foreignSentence, readWords } from './consoleDesk.js';
import { keyIn, pairingIn } from './routes.js';
import { SignInPage, Waiting, type Why } from './signInPage.js';

/** How long an unanswered question waits before it is asked again. */
const PAUSE = 4_000;

const words = readWords();
const root = document.createElement('div');
root.id = 'console';
const show = (page: ComponentChild) => render(page, root);
const api: Api = createApi(() => {
  if (root.querySelector('.frame')) showSignIn({ why: 'lost', said: words.console.signIn.lost });
});

/**
 * The key of a sign-in link. It is taken out of the address at once: it must stay neither in the
 * history nor in what is copied from there.
 */
function takeKey(): string | null {
  const pairing = pairingIn(location.hash);
  if (pairing !== null) {
    location.replace(pairing);
    return null;
  }
  const key = keyIn(location.hash);
  if (key !== null) history.replaceState(null, '', location.pathname + location.search);
  return key;
}

/** Nobody is let in from there: that comes before all else. */
const foreign = foreignSentence(words) ?? '';
let shown = 0;
function showSignIn({ why = 'first' as Why, said = foreign, typed = '', busy = false } = {}): void {
  document.title = words.console.title;
  // A new one each time that something is to stand in its field.
  if (typed) shown += 1;
  const props = { words, why, said, typed, busy };
  show(<SignInPage key={shown} {...props} enter={(key) => void enter(key, why)} />);
}

function showConsole(who: SignIn): void {
  const left = () => showSignIn({ why: 'out' });
  show(<Console words={words} api={api} who={who} left={left} />);
}

async function enter(key: string, why: Why): Promise<void> {
  const w = words.console.signIn;
  if (key === '') return;
  showSignIn({ why, said: w.entering, busy: true });
  try {
    showConsole(await api.signIn(key));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // A link that has served, followed by somebody who is in: they are where it leads.
    const who = error.code === 'unauthorized' ? await signedIn() : null;
    if (who) return showConsole(who);
    // The true cause where there are words for it: an address that is not the server's, a key taken back.
    const byCode: Record<string, string> = { ...words.errors, ...w.problems };
    const cause = `${error.code}.${error.reason}`;
    const sentence =
      ((cause === 'forbidden.origin' && foreign) || byCode[cause]) ??
      byCode[error.code] ??
      w.problems.unauthorized;
    const said = say(words.code, sentence, { n: error.retryAfter ?? 5 });
    // The key is in no address any more: it stays in the field for another try.
    showSignIn({ why, said, typed: key });
  }
}

/** Who is signed in; null: nobody, or no answer. */
async function signedIn(): Promise<SignIn | null> {
  try {
    return await api.whoAmI();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return null;
  }
}

/** Who is signed in, or null; asked until there is an answer, and the page says so meanwhile. */
async function whoAmI(): Promise<SignIn | null> {
  for (;;) {
    try {
      return await api.whoAmI();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (['unauthorized', 'forbidden'].includes(error.code)) return null;
      show(<Waiting words={words} />);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

async function start(): Promise<void> {
  document.body.append(root);
  const key = takeKey();
  addEventListener('hashchange', () => {
    const late = takeKey();
    if (late !== null) void enter(late, 'first');
  });
  if (key !== null) return enter(key, 'first');
  const who = await whoAmI();
  if (who) showConsole(who);
  else showSignIn();
}

void start();
