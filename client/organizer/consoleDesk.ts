import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { grouped, type Holes, say, type Text, type Words } from '../../src/service/words.js';
import { isForeign, type Served } from '../shared/foreign.js';
import type { Api, SignIn } from './consoleApi.js';
import type { Store } from './consoleStore.js';

/** Stops whatever the call that returned it started. */
export type Stop = () => void;

/** What the page comes with: the words of one language. */
export type PageWords = Pick<Words, 'console' | 'time' | 'errors'> & {
  code: string;
  /** Those that walls can speak. */
  languages: readonly string[];
  served: Served;
};

/** Where this page is under an address that is not the server's: what to do about it; else null. */
export function foreignSentence({ code, console: { notes }, served }: PageWords): string | null {
  if (!isForeign(served)) return null;
  return say(code, notes.foreign, { here: location.origin, own: served.publicUrl ?? '' });
}

/** What every room of the console works with. */
export type Desk = {
  /** The page's language. */
  code: string;
  languages: readonly string[];
  w: Words['console'];
  api: Api;
  store: Store;
  who: SignIn;
  /** Where phones and screens find the server. */
  address: string;
  /** Said where this page is under an address that is not the server's. */
  foreign: string | null;
  /** A text with its holes filled; a plural goes by `n`. */
  t(text: Text, holes?: Holes): string;
  /** A count with its thousands set apart. */
  figure(n: number): string;
};

export function createDesk(words: PageWords, api: Api, store: Store, who: SignIn): Desk {
  return {
    code: words.code,
    languages: words.languages,
    w: words.console,
    api,
    store,
    who,
    address: words.served.publicUrl ?? location.origin,
    foreign: foreignSentence(words),
    t: (text, holes) => say(words.code, text, holes),
    figure: (n) => grouped(words.time, n),
  };
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('nothing of the console stands outside it');
  return desk;
}

export function readWords(): PageWords {
  const source = document.getElementById('words')?.textContent;
  if (!source) throw new Error('the page came without its words');
  return JSON.parse(source) as PageWords;
}

/** Calls `work` every `ms`; as a `Stop`, so that a part that goes takes its timers along. */
export function every(ms: number, work: () => void): Stop {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}
