import { type Holes, say, type Text } from '../../service/words.js';

/** Text that is HTML already: made by `html`, never from what came in. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = Html | string | number | null | false | Part[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe inside an element and inside a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  if (part === null || part === false) return '';
  return escapeHtml(String(part));
}

/** Templates without the line ends and indents that are there for who reads the source. */
const tight = new WeakMap<TemplateStringsArray, string[]>();

/** A template whose holes are escaped, unless they are `Html`. `null` and `false` are nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let texts = tight.get(strings);
  if (!texts) {
    texts = strings.map((text) => text.replace(/\n\s*/g, ''));
    tight.set(strings, texts);
  }
  let out = texts[0] as string;
  parts.forEach((part, k) => {
    out += render(part) + texts[k + 1];
  });
  return new Html(out);
}

/** `say` for HTML: words and holes are escaped, holes that are `Html` stand as they are. */
export function sayHtml(
  language: string,
  text: Text,
  holes: Record<string, Html | string | number> = {},
): Html {
  const safe: Holes = {};
  for (const [name, value] of Object.entries(holes)) {
    safe[name] = typeof value === 'number' ? value : render(value);
  }
  return new Html(say(language, escapeText(text), safe));
}

function escapeText(text: Text): Text {
  if (typeof text === 'string') return escapeHtml(text);
  const entries = Object.entries(text).map(([rule, each]) => [rule, escapeHtml(each)]);
  return Object.fromEntries(entries) as Exclude<Text, string>;
}

/** The parts of a text that `|` sets on lines of their own. */
export const lines = (text: string): Html[] =>
  text.split('|').map((line) => html`<span>${line} </span>`);

/** JSON that may stand in a script element: no `<` to end it with. */
export const json = (value: unknown): Html =>
  new Html(JSON.stringify(value).replace(/</g, '\\u003c'));
