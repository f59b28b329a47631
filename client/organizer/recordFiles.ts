// A record, or a year of them, as files to take away.
import type { Desk } from './consoleDesk.js';
import { minutesOf } from './model/recordRows.js';
import { type Cell, separatorOf, tableOf } from './model/spreadsheet.js';
import type { Past } from './model/yearSums.js';
import { localIn } from './model/zoneTime.js';
import { saveFile } from './saveFile.js';

const slug = (title: string) =>
  title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** "noso-2026-11-22-une-heure-pour-rien" */
const nameOf = ({ noso, record }: Past): string =>
  ['noso', localIn(noso.venue, Date.parse(record.openedAt)).date, slug(noso.title)]
    .filter(Boolean)
    .join('-');

export const saveCsv = (past: Past): void =>
  saveFile(
    `${nameOf(past)}.csv`,
    tableOf(minutesOf(past), separatorOf(navigator.language)),
    'text/csv',
  );

export const saveJson = (past: Past): void =>
  saveFile(`${nameOf(past)}.json`, JSON.stringify(past, null, 2), 'application/json');

/** A row for each NoSo of a year; what its columns sum to is the year's. */
export function yearRows({ w }: Desk, pasts: readonly Past[]): Cell[][] {
  const { columns } = w.records;
  const rows = pasts.map(({ noso, record }) => {
    const { date, time } = localIn(noso.venue, Date.parse(record.openedAt));
    const closed = localIn(noso.venue, Date.parse(record.closedAt ?? noso.endsAt)).time;
    const { name, city } = noso.venue;
    const { peak, total, personMinutes } = record;
    return [date, time, closed, name, city, noso.title, peak, total, personMinutes];
  });
  const { day, opened, closed, venue, city, title, peak, total, personMinutes } = columns;
  return [[day, opened, closed, venue, city, title, peak, total, personMinutes], ...rows];
}

export const saveYearCsv = (desk: Desk, year: string, pasts: readonly Past[]): void =>
  saveFile(
    `noso-${year}.csv`,
    tableOf(yearRows(desk, pasts), separatorOf(navigator.language)),
    'text/csv',
  );

export const saveYearJson = (year: string, pasts: readonly Past[]): void =>
  saveFile(`noso-${year}.json`, JSON.stringify(pasts, null, 2), 'application/json');
