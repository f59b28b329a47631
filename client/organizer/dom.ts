/** A part of the page. `update` follows every change and every second; `stop` comes when it goes. */
export type Part = { node: HTMLElement; update(): void; stop?(): void };

type Handler = (event: Event) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Handler>;
export type Child = Node | string | null;

/**
 * An element. Attributes named `on…` are listeners; true is an empty attribute, and false, null and
 * undefined leave one out. Text is always text: nothing here parses HTML.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else set(node, name, value);
  }
  for (const child of children) if (child !== null) node.append(child);
  return node;
}

/** Sets or removes one attribute, touching the page only if it differs. */
export function set(
  node: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === false || value === null || value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Sets a text, touching the page only if it differs: selections and screen readers stay in peace. */
export function text(node: Node, value: string): void {
  if (node.textContent !== value) node.textContent = value;
}

/** Puts these children, and no others, into a node; those already in place are left alone. */
export function fill(parent: Element, children: readonly Node[]): void {
  children.forEach((child, k) => {
    if (parent.childNodes[k] !== child) parent.insertBefore(child, parent.childNodes[k] ?? null);
  });
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}

/**
 * A list that keeps one node per key, so that focus and what is half typed survive its changes.
 * Calling it again with new items makes, refreshes, moves and drops what is needed.
 */
export function keyed<T>(
  parent: Element,
  key: (item: T) => string,
  make: (item: T) => { node: Node; refresh: (item: T) => void },
): (items: readonly T[]) => void {
  let made = new Map<string, { node: Node; refresh: (item: T) => void }>();
  return (items) => {
    const kept = new Map<string, { node: Node; refresh: (item: T) => void }>();
    for (const item of items) {
      const id = key(item);
      const row = made.get(id) ?? make(item);
      row.refresh(item);
      kept.set(id, row);
    }
    made = kept;
    fill(
      parent,
      [...kept.values()].map((row) => row.node),
    );
  };
}
