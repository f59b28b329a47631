import { encode } from 'uqr';

const SVG = 'http://www.w3.org/2000/svg';

/** A QR code as SVG, without a quiet zone: the page keeps that. Its side is `side(modules)` px. */
export function qrSquare(text: string, side: (modules: number) => number): SVGSVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  for (const name of ['width', 'height']) svg.setAttribute(name, String(side(size)));
  svg.setAttribute('shape-rendering', 'crispEdges');
  const path = document.createElementNS(SVG, 'path');
  const dark = data.flatMap((row, y) => row.map((is, x) => (is ? `M${x} ${y}h1v1h-1z` : '')));
  path.setAttribute('d', dark.join(''));
  svg.append(path);
  return svg;
}
