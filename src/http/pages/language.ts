import { preferred } from '../../service/dictionary.js';
import type { Words } from '../../service/words.js';

/** The language a page is in, and its words. */
export type Tongue = { language: string; words: Words };

/**
 * The first of `wishes` that there are words for (what the address asks for, what was chosen
 * earlier), else what the browser prefers.
 */
export function choose(
  words: ReadonlyMap<string, Words>,
  wishes: readonly (string | null)[],
  header: string | undefined,
): Tongue {
  const wish = wishes.find((each) => each !== null && words.has(each));
  const language = wish ?? preferred([...words.keys()], header);
  return { language, words: words.get(language) as Words };
}
