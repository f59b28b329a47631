import { GROUP, LENGTH, readCode, signsIn } from '../../src/protocol/spelling.js';
import { say, type Text } from '../../src/service/words.js';

/** The code page, where only a code's signs are shown of what is typed: a cell a letter over the field itself, so that the keyboard is the phone's own. */
export function startCode(form: HTMLFormElement): void {
  const input = form.querySelector('input') as HTMLInputElement;
  const entry = form.querySelector('.entry') as HTMLElement;
  const button = form.querySelector('button') as HTMLButtonElement;
  const left = form.querySelector('.wait') as HTMLElement;
  const toGo = JSON.parse(form.dataset.toGo ?? '""') as Text;
  const language = document.documentElement.lang;

  const cells = document.createElement('div');
  cells.className = 'cells';
  cells.setAttribute('aria-hidden', 'true');
  for (let k = 0; k < LENGTH; k += 1) {
    if (k > 0 && k % GROUP === 0) {
      const dash = document.createElement('i');
      dash.textContent = '-';
      cells.append(dash);
    }
    cells.append(document.createElement('b'));
  }
  entry.append(cells);
  form.classList.add('script');

  /** Of a link or a sentence that was pasted, the code in it; else whatever signs there are. */
  const letters = () => signsIn(readCode(input.value) ?? input.value).slice(0, LENGTH);

  function draw(): void {
    const code = letters();
    const missing = LENGTH - code.length;
    cells.querySelectorAll('b').forEach((cell, k) => {
      cell.textContent = code[k] ?? '';
      cell.classList.toggle('on', k <= code.length);
      cell.classList.toggle('next', k === code.length);
    });
    button.disabled = missing > 0;
    left.textContent = missing > 0 ? say(language, toGo, { n: missing }) : '';
  }

  input.addEventListener('input', () => {
    const code = letters();
    if (input.value !== code) input.value = code; // capitals and dashes see to themselves
    draw();
  });
  draw();
  input.focus({ preventScroll: true });
}
