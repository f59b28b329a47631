import type { Spoken } from './doorWords.js';

/** All that a door shows. */
export type Shown = {
  title: string;
  /** Top right: live, or cut. */
  line: string;
  cut: boolean;
  /** Null before anything was heard. */
  count: number | null;
  /** Of the seats, 0 to 1; null without a capacity. */
  share: number | null;
  close: boolean;
  full: boolean;
  under: string;
  here: string;
  /** The three lines that are kept free. */
  said: string;
  undo: string;
  /** There is nothing more to be done here. */
  over: string;
};

type Tapped = { in: () => void; out: () => void; undo: () => void };

function part<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  into: HTMLElement,
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  into.append(made);
  return made;
}

/** Builds the page once; `draw` changes what differs, in place, so that nothing moves under a thumb. */
export function createView({ door }: Pick<Spoken, 'door'>, tapped: Tapped) {
  const main = part('main', '', document.body);
  const head = part('header', '', main);
  const title = part('h1', 'title', head);
  const line = part('p', 'line', head);
  const enter = part('button', 'in', main);
  const word = part('span', '', enter, door.in);
  const figure = part('p', 'figure', main);
  const hair = part('div', 'hair', main);
  const taken = part('i', '', hair);
  const under = part('div', 'under', main);
  const room = part('p', '', under);
  const here = part('p', 'here', under);
  const leave = part('button', 'out', main);
  part('span', '', leave, door.out);
  const said = part('div', 'said', main);
  const sentence = part('p', '', said);
  sentence.setAttribute('role', 'status');
  const label = part('label', 'paperNumber', said, door.paperNumber);
  const paper = part('input', '', label);
  paper.inputMode = 'numeric';
  paper.autocomplete = 'off';
  paper.maxLength = 15;
  label.hidden = true;
  const foot = part('footer', '', main);
  const undo = part('button', 'undo', foot);
  const ask = part('button', 'paper', foot, door.paper);
  ask.setAttribute('aria-expanded', 'false');
  const over = part('p', 'over', document.body);
  over.setAttribute('role', 'status');
  for (const button of [enter, leave, undo, ask]) button.type = 'button';

  const askPaper = (is: boolean) => {
    label.hidden = !is;
    sentence.hidden = is;
    ask.setAttribute('aria-expanded', String(is));
    paper.value = '';
    if (is) paper.focus();
  };
  enter.addEventListener('click', tapped.in);
  leave.addEventListener('click', tapped.out);
  undo.addEventListener('click', tapped.undo);
  ask.addEventListener('click', () => askPaper(Boolean(label.hidden)));

  const write = (into: HTMLElement, text: string) => {
    if (into.textContent !== text) into.textContent = text;
  };

  return {
    /** The paper number that the next entry or exit is of, once; null for none. */
    takePaper(): string | null {
      if (label.hidden) return null;
      const number = paper.value.normalize('NFKC').replace(/\D/g, '');
      askPaper(false);
      return number === '' ? null : number;
    },
    draw(shown: Shown): void {
      const { body } = document;
      main.hidden = shown.over !== '';
      over.hidden = shown.over === '';
      write(over, shown.over);
      write(title, shown.title);
      write(line, shown.line);
      const digits = shown.count === null ? '–' : String(shown.count);
      write(figure, digits);
      figure.style.setProperty('--digits', String(Math.max(3, digits.length)));
      body.classList.toggle('cut', shown.cut);
      body.classList.toggle('close', shown.close);
      body.classList.toggle('full', shown.full);
      hair.hidden = shown.share === null;
      taken.style.width = `${Math.min(1, shown.share ?? 0) * 100}%`;
      write(room, shown.under);
      write(here, shown.here);
      write(word, shown.full ? door.full : door.in);
      enter.setAttribute('aria-disabled', String(shown.full));
      write(sentence, shown.said);
      write(undo, shown.undo);
      undo.hidden = shown.undo === '';
    },
  };
}
