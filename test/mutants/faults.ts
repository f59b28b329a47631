// Faults that are planted in the source, one at a time: each is a slip that compiles.
import { faultsInScripts } from './luaFaults.js';

/** One fault: replace what is at [from, to) of the source with `by`. */
export type Fault = { kind: string; from: number; to: number; by: string };

/** Swapped for each other, or one way, wherever they stand by themselves. */
const SWAPS: [kind: string, what: RegExp, by: (found: string) => string][] = [
  [
    'a bound moved by one',
    / (<=?|>=?) /g,
    (op) => (op.includes('=') ? op.replace('=', '') : `${op.trim()}=`),
  ],
  ['a comparison turned round', / (?:===|!==) /g, (op) => (op.includes('!') ? '===' : '!==')],
  ['and for or', / (?:&&|\|\|) /g, (op) => (op.includes('&') ? '||' : '&&')],
  ['plus for minus', / [+-] /g, (op) => (op.includes('+') ? '-' : '+')],
  ['times for divided by', / [*/] /g, (op) => (op.includes('*') ? '/' : '*')],
  [
    'least for most',
    /\bMath\.(?:min|max)\b/g,
    (f) => (f.endsWith('min') ? 'Math.max' : 'Math.min'),
  ],
  ['all for some', /\.(?:every|some)\(/g, (f) => (f.includes('every') ? '.some(' : '.every(')],
  ['true for false', /\b(?:true|false)\b/g, (b) => (b === 'true' ? 'false' : 'true')],
  [
    'a constant off by one',
    /(?<![\w.$])\d[\d_]*(?![\w.])/g,
    (n) => `${Number(n.replaceAll('_', '')) + 1}`,
  ],
];

/** A statement of one line that only does something, or leaves early. */
const STATEMENT =
  /^[ \t]+((?:await |void )?[\w.?!]+(?:\([^\n]*\)|\[[^\n]*\] = [^\n]*| (?:[-+]?=) [^\n]*)|throw [^\n]*|if \([^\n]*\) (?:return|continue|throw)[^\n]*);$/gm;
const DECLARES = /^(?:const|let|return|import|export|type|case)\b/;

/**
 * All that can be planted in a source, in the order of their places. Comments and texts are left
 * alone; a fault in a type is none, as whoever compiles it sees.
 */
export function faultsIn(source: string): Fault[] {
  const code = masked(source);
  const found = faultsInScripts(source);
  for (const [kind, what, by] of SWAPS) {
    for (const { 0: text, index } of code.matchAll(what)) {
      const pad = text.startsWith(' ') ? ' ' : '';
      const instead = `${pad}${by(text.trim())}${pad}`;
      found.push({ kind, from: index, to: index + text.length, by: instead });
    }
  }
  for (const { 0: line, 1: statement = '', index } of code.matchAll(STATEMENT)) {
    if (DECLARES.test(statement)) continue;
    const from = index + line.indexOf(statement);
    found.push({ kind: 'a statement left out', from, to: index + line.length, by: ';' });
  }
  for (const { index } of code.matchAll(/\bif \(/g)) {
    const from = index + 'if '.length;
    const to = closing(code, from) + 1;
    found.push({ kind: 'a condition turned round', from, to, by: `(!${source.slice(from, to)})` });
  }
  return found.sort((a, b) => a.from - b.from || a.to - b.to);
}

export const planted = (source: string, { from, to, by }: Fault): string =>
  source.slice(0, from) + by + source.slice(to);

/** Where the bracket that opens at `from` closes. */
function closing(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return code.length - 1;
}

const BLANKED =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[(=,:] ?)\/(?:[^/\\\n]|\\.)+\/[a-z]*/g;

/** Of what orders a list the sign alone counts. */
const ORDER = /\? -1 : 1\b/g;

/** The source with blanks where comments, texts and patterns are; every place is where it was. */
const masked = (source: string): string =>
  source
    .replace(BLANKED, (text) =>
      text.replace(/[^\n]/g, '_').replace(/^_/, text.startsWith('/') ? ' ' : '_'),
    )
    .replace(ORDER, (text) => text.replace(/1/g, '_'));
