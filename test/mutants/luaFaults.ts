// Faults in the scripts that run inside Redis: the same slips as in ours, in Lua.
import type { Fault } from './faults.js';

/** A text of ours that is Lua. */
const SCRIPT = /`(?:[^`\\]|\\.)*`/g;
const IS_LUA = /\bredis\.call\(|\blocal \w+ = /;

const SWAPS: [kind: string, what: RegExp, by: (found: string) => string][] = [
  ['a comparison turned round', / (?:==|~=) /g, (op) => (op === '==' ? '~=' : '==')],
  [
    'a bound moved by one',
    / (?:<=?|>=?) /g,
    (op) => (op.includes('=') ? op.replace('=', '') : `${op}=`),
  ],
  ['and for or', / (?:and|or) /g, (op) => (op === 'and' ? 'or' : 'and')],
  ['plus for minus', / [+-] /g, (op) => (op === '+' ? '-' : '+')],
  [
    'least for most',
    /\bmath\.(?:min|max)\b/g,
    (f) => (f.endsWith('min') ? 'math.max' : 'math.min'),
  ],
  ['true for false', /\b(?:true|false)\b/g, (b) => (b === 'true' ? 'false' : 'true')],
  ['a constant off by one', /(?<![\w.$[])\d+(?![\w.])/g, (n) => `${Number(n) + 1}`],
];

/** A statement of one line that only does something. */
const STATEMENT = /^[ \t]*(redis\.call\([^\n]*\)|[\w.]+(?:\[[^\n]*\])? = [^\n]+[\w\])_])$/gm;

/** All that can be planted in the scripts of a source, none in what is not a script. */
export function faultsInScripts(source: string): Fault[] {
  const found: Fault[] = [];
  for (const { 0: text, index: start } of source.matchAll(SCRIPT)) {
    if (!IS_LUA.test(text)) continue;
    const code = masked(text);
    const add = (kind: string, index: number, length: number, by: string) =>
      found.push({ kind: `${kind}, in Lua`, from: start + index, to: start + index + length, by });
    for (const [kind, what, by] of SWAPS) {
      for (const { 0: op, index } of code.matchAll(what)) {
        const pad = op.startsWith(' ') ? ' ' : '';
        add(kind, index, op.length, `${pad}${by(op.trim())}${pad}`);
      }
    }
    for (const { 0: line, 1: statement = '', index } of code.matchAll(STATEMENT)) {
      if (!isWhole(statement)) continue;
      add('a statement left out', index + line.indexOf(statement), statement.length, '');
    }
    for (const { 1: condition = '', index } of code.matchAll(/\b(?:if|elseif) ([^\n]+?) then\b/g)) {
      const at = code.indexOf(condition, index);
      const was = text.slice(at, at + condition.length);
      add('a condition turned round', at, condition.length, `not (${was})`);
    }
  }
  return found;
}

const isWhole = (statement: string): boolean =>
  statement.split('(').length === statement.split(')').length &&
  !statement.startsWith('local ') &&
  !/\b(?:function|then|do)\b/.test(statement);

/** With blanks where comments and texts are, and what is put in from our side. */
const masked = (text: string): string =>
  text.replace(/--[^\n]*|'(?:[^'\\\n]|\\.)*'|\$\{[^}]*\}/g, (each) => '_'.repeat(each.length));
