import type { PhonePage, ViewHoles, ViewName } from '../../src/protocol/phonePage.js';

/** What the server told this page, or null where there is no seat to take. */
export function readPage(): PhonePage | null {
  const data = document.getElementById('page');
  return data?.textContent ? (JSON.parse(data.textContent) as PhonePage) : null;
}

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

/** Shows a view from its template, and says its first words to who does not see it. */
export function show(name: ViewName, values: ViewHoles = {}): void {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-view="${name}"]`);
  if (!template) return;
  if (standing() !== name) {
    const focused = main.contains(document.activeElement);
    main.replaceChildren(template.content.cloneNode(true));
    main.dataset.view = name;
    if (focused) main.focus(); // what had it is gone
    window.scrollTo(0, 0);
  }
  fill(values, main);
  const said = [...main.querySelectorAll('h1, .more')].map((part) => part.textContent);
  const status = document.querySelector('[role="status"]');
  if (status && name !== 'invite') status.textContent = said.join(' ');
}

/** Marks what was tapped, until the answer comes. */
export function busy(is: boolean): void {
  for (const button of main.querySelectorAll('button.button')) {
    button.classList.toggle('busy', is);
    button.setAttribute('aria-busy', String(is));
  }
}
