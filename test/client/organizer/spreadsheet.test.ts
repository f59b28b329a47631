import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { separatorOf, tableOf } from '../../../client/organizer/model/spreadsheet.js';
import { suite } from '../../support/suite.js';

const test = suite('tables for spreadsheets');

/** RFC 4180, as plainly as it can be read. */
function read(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let k = 0; k < text.length; k += 1) {
    const sign = text[k];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[k + 1] === '"') cell += text[++k];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = '';
    } else if (sign === '\r' && text[k + 1] === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      k += 1;
    } else cell += sign;
  }
  return rows;
}

const separator = fc.constantFrom<',' | ';'>(',', ';');
const text = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom('=', '+', '-', '@', '"', ';', ',', '\r', '\n', '\t', ' ', 'é', '1'))
    .map((signs) => signs.join('')),
);

test('whatever stands in it, a table is read as it was written, and no cell is a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 })), separator, (rows, by) => {
      const back = read(tableOf(rows, by), by);
      assert.is(back.length, rows.length);
      rows.forEach((row, r) => {
        row.forEach((cell, c) => {
          const found = back[r]?.[c] ?? '';
          assert.ok(found === cell || found === `'${cell}`, JSON.stringify([cell, found]));
          assert.not.match(found, /^\s*[=+\-@]/);
        });
      });
    }),
  );
});

test('numbers are numbers, and columns are parted as the country’s spreadsheets part them', () => {
  assert.is(
    tableOf(
      [
        ['a', 1],
        ['b', 20],
      ],
      ';',
    ),
    'a;1\r\nb;20\r\n',
  );
  assert.is(separatorOf('en-GB'), ',');
  assert.is(separatorOf('fr-FR'), ';');
  assert.is(separatorOf('de-DE'), ';');
  assert.is(separatorOf('de-CH'), ',');
});
