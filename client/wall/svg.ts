const SVG = 'http://www.w3.org/2000/svg';
type Attributes = Record<string, string | number>;

/** An SVG element with these attributes. */
export function element<K extends 'g' | 'text' | 'tspan' | 'rect' | 'path'>(
  name: K,
  attributes: Attributes,
): SVGElementTagNameMap[K] {
  const node = document.createElementNS(SVG, name);
  set(node, attributes);
  return node;
}

export function set(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}

/** A layer of its own over the whole wall, so that the compositor can fade it. */
export function layer(name: string, attributes: Attributes = {}): SVGSVGElement {
  const node = document.createElementNS(SVG, 'svg');
  set(node, { class: `mark ${name}`, ...attributes });
  return node;
}

export const TONES = {
  paper: '#F2EDE2',
  ash: '#BDB6A9',
  amber: '#F2A93B',
  line: '#4A453C',
  black: '#000000',
} as const;
