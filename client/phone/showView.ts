import type { PhonePage, ViewHoles, ViewName } from '../../src/protocol/phonePage.js';

/** What the server told this page, or null where there is no seat to take. */
export function readPage(): PhonePage | null {
  const data = document.getElementById('page');
  return data?.textContent ? (JSON.parse(data.textContent) as PhonePage) : null;
}

/** What holds whichever view stands. */
const always: ViewHoles = location.protocol === 'http:' ? { insecure: 'yes' } : {};

const main = document.querySelector('main') as HTMLElement;

/** Which view stands. */
export const standing = (): ViewName => main.dataset.view as ViewName;

/** Fills the holes of what stands; what lacks its value is hidden. */
export function fill(values: ViewHoles, root: ParentNode = document): void {
  for (const [name, value] of Object.entries(values)) {
    for (const hole of root.querySelectorAll<HTMLElement>(`[data-hole="${name}"]`)) {
      hole.textContent = value;
      if (hole.dataset.digits !== undefined) hole.dataset.digits = String(value.length);
    }
    for (const part of root.querySelectorAll<HTMLElement>(`[data-with="${name}"]`)) {
      part.hidden = value === '';
    }
  }
}

/** What holds from the first, on a page that no view is shown on as well. */
export const fillAlways = (): void => fill(always, main);

/** Says a view's first words to who does not see it: once, however often it is tried again. */
function announce(name: ViewName): void {
  const parts = [...main.querySelectorAll('h1, .more, .lock')];
  const said = parts.filter((part) => !part.closest('[hidden]')).map((part) => part.textContent);
  const status = document.querySelector('[role="status"]');
  if (status && name !== 'invite') status.textContent = said.join(' ');
}

/** Shows a view from its template, with its values in it. */
export function show(name: ViewName, values: ViewHoles = {}): void {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-view="${name}"]`);
  if (!template) return;
  const stood = standing() === name;
  if (!stood) {
    const focused = main.contains(document.activeElement);
    main.replaceChildren(template.content.cloneNode(true));
    main.dataset.view = name;
    if (focused) main.focus(); // what had it is gone
    window.scrollTo(0, 0);
  }
  fill({ ...always, ...values }, main);
  if (!stood) announce(name);
}

/** Marks what was tapped, until the answer comes. */
export function busy(is: boolean): void {
  for (const button of main.querySelectorAll('button.button')) {
    button.classList.toggle('busy', is);
    button.setAttribute('aria-busy', String(is));
  }
}
