import { GROUP, LENGTH, readCode, readReturnCode, signsIn } from '../../src/protocol/spelling.js';
import { say, type Text } from '../../src/service/words.js';

/** One row of cells over its own field, so that the keyboard is the phone's own. */
type Row = {
  /** How many cells there are at least, and how few may be filled: numbers of old are shorter. */
  length: number;
  least: number;
  group: number;
  /** What is kept of what was typed, or pasted. */
  read: (typed: string) => string;
};

/** Numbers of an evening have six digits; those that were kept may have more. */
const LONGEST_NUMBER = 12;
const OLDEST_NUMBER = 4;

function rowOf(entry: HTMLElement): Row {
  const { digits, signs } = entry.dataset;
  if (digits !== undefined) {
    const read = (typed: string) =>
      typed.normalize('NFKC').replace(/\D/g, '').slice(0, LONGEST_NUMBER);
    return { length: Number(digits), least: OLDEST_NUMBER, group: 0, read };
  }
  if (signs !== undefined) {
    const length = Number(signs);
    const read = (typed: string) => signsIn(readReturnCode(typed) ?? typed).slice(0, length);
    return { length, least: length, group: GROUP, read };
  }
  // Of a link or a sentence that was pasted, the code in it; else whatever signs there are.
  const read = (typed: string) => signsIn(readCode(typed) ?? typed).slice(0, LENGTH);
  return { length: LENGTH, least: LENGTH, group: GROUP, read };
}

type Filled = { empty: number; enough: boolean };

/** Draws a row's cells; returns how far it is filled, whenever it is asked. */
function startRow(entry: HTMLElement, drawn: () => void): () => Filled {
  const input = entry.querySelector('input') as HTMLInputElement;
  const { length, least, group, read } = rowOf(entry);
  const cells = document.createElement('div');
  cells.className = 'cells';
  cells.setAttribute('aria-hidden', 'true');
  entry.append(cells);

  function draw(): void {
    const typed = read(input.value);
    const count = Math.max(length, typed.length);
    cells.replaceChildren();
    for (let k = 0; k < count; k += 1) {
      if (group > 0 && k > 0 && k % group === 0) {
        const dash = document.createElement('i');
        dash.textContent = '-';
        cells.append(dash);
      }
      const cell = document.createElement('b');
      cell.textContent = typed[k] ?? '';
      cell.classList.toggle('on', k <= typed.length);
      cell.classList.toggle('next', k === typed.length);
      cells.append(cell);
    }
  }

  input.addEventListener('input', () => {
    const typed = read(input.value);
    if (input.value !== typed) input.value = typed; // capitals and dashes see to themselves
    draw();
    drawn();
  });
  draw();
  return () => {
    const { length: typed } = read(input.value);
    return { empty: Math.max(0, length - typed), enough: typed >= least };
  };
}

/**
 * A page for typing a code, or a number and its return code: only what can be in it is shown of what
 * is typed, and how much is still to go.
 */
export function startCode(form: HTMLFormElement): void {
  const button = form.querySelector('button') as HTMLButtonElement;
  const left = form.querySelector('.wait') as HTMLElement;
  const toGo = JSON.parse(form.dataset.toGo ?? '""') as Text;
  const language = document.documentElement.lang;

  const rows: (() => Filled)[] = [];
  function count(): void {
    const filled = rows.map((row) => row());
    const missing = filled.reduce((sum, { empty }) => sum + empty, 0);
    button.disabled = !filled.every(({ enough }) => enough);
    left.textContent = missing > 0 ? say(language, toGo, { n: missing }) : '';
  }
  for (const entry of form.querySelectorAll<HTMLElement>('.entry')) {
    rows.push(startRow(entry, count));
  }
  form.classList.add('script');
  count();
  form.querySelector<HTMLInputElement>('.entry input')?.focus({ preventScroll: true });
}
