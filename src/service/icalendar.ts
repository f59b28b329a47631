// How a calendar is written down: RFC 5545, and 7986 for what a feed says of itself.

/** A line's name with its parameters, and its value as it stands. */
export type Line = readonly [name: string, value: string];

/** A text as a value (3.3.11). Whoever stored controls before they were refused has them left out. */
export const text = (said: string): string =>
  said
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r?\n/g, '\\n')
    .replace(/\p{Cc}/gu, '');

/** So many octets a line, its end left out (3.1); what goes on begins with a space. */
const LINE = 75;

function fold(line: string): string {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const sign of line) {
    const octets = Buffer.byteLength(sign);
    if (size + octets > LINE) {
      parts.push(part);
      part = ' ';
      size = 1;
    }
    part += sign;
    size += octets;
  }
  return [...parts, part].join('\r\n');
}

/** A component: its lines, and the components in it. */
export const component = (name: string, lines: readonly Line[], within: string[] = []): string =>
  [
    `BEGIN:${name}`,
    ...lines.map(([called, value]) => fold(`${called}:${value}`)),
    ...within,
    `END:${name}`,
  ].join('\r\n');

/** A whole calendar, of components that are made. */
export const calendar = (lines: readonly Line[], within: string[]): string =>
  `${component('VCALENDAR', [['VERSION', '2.0'], ['PRODID', '-//NoSo//NoSo//EN'], ...lines], within)}\r\n`;
