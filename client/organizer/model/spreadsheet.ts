// Tables that spreadsheets read (RFC 4180), as those of the reader's country read them.

export type Cell = string | number;

/** Where a comma stands in numbers, semicolons part the columns. */
export function separatorOf(locale: string): ',' | ';' {
  return new Intl.NumberFormat(locale).format(0.5).includes(',') ? ';' : ',';
}

/**
 * A cell that says what it says: quoted where it must be, and never a formula. What begins like one
 * (people name things as they please) gets an apostrophe, which spreadsheets take for text.
 */
function spelt(cell: Cell, separator: string): string {
  if (typeof cell === 'number') return String(cell);
  const text = /^\s*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  const bare = !text.includes(separator) && !/["\r\n]/.test(text);
  return bare ? text : `"${text.replace(/"/g, '""')}"`;
}

export const tableOf = (rows: readonly (readonly Cell[])[], separator: ',' | ';'): string =>
  rows.map((row) => `${row.map((cell) => spelt(cell, separator)).join(separator)}\r\n`).join('');
