import { useState } from 'preact/hooks';
import type { PageWords } from './consoleDesk.js';
import { keyOf } from './routes.js';

/** What the sign-in page says first: nothing, or why it is there again. */
export type Why = 'first' | 'lost' | 'out';

type Props = {
  words: PageWords;
  why: Why;
  /** Stands in the field at first: the key of a link that could not be used yet. */
  typed: string;
  /** What came of the last try, in words. */
  said: string;
  busy: boolean;
  enter(key: string): void;
};

/** The page for those who have no session: how to come by a link, and where to put it. */
export function SignInPage({ words, why, said, busy, enter, ...props }: Props) {
  const w = words.console;
  const [typed, type] = useState(props.typed);
  return (
    <main class="sign-in">
      <h1 class="title">{w.title}</h1>
      <p>{why === 'out' ? w.signIn.out : w.signIn.need}</p>
      <p class="command">
        <code>npm run --silent link</code>
      </p>
      <p class="about">{w.signIn.howLong}</p>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) enter(keyOf(typed));
        }}
      >
        <div class="field">
          <label for="key">{w.signIn.label}</label>
          <span class="control">
            <input
              id="key"
              type="text"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={typed}
              onInput={(event) => type(event.currentTarget.value)}
            />
          </span>
        </div>
        <p class="send">
          <button class="button primary" type="submit" aria-disabled={busy || undefined}>
            {w.signIn.enter}
          </button>
        </p>
        <p class="trouble" role="alert">
          {said}
        </p>
      </form>
    </main>
  );
}

/** While it is asked who is signed in. */
export function Waiting({ words }: { words: PageWords }) {
  return (
    <main class="sign-in">
      <p role="status">{words.console.line.connecting}</p>
    </main>
  );
}
