import type { Noso, NosoRecord } from '../../src/protocol/wire.js';
import { localIn } from './venueTime.js';

/** The record as a table that spreadsheets read (RFC 4180): a row a minute, then the closing. */
export function csvOf(record: NosoRecord, zone: string): string {
  const rows = record.series.map(({ at, count }) => {
    const { date, clock } = localIn(zone, Date.parse(at));
    return [at, `${date} ${clock}`, count].join(',');
  });
  return `${['time_utc,time_local,count', ...rows].join('\r\n')}\r\n`;
}

const slug = (title: string) =>
  title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** "noso-2026-11-22-une-heure-pour-rien.csv" */
export const fileName = (noso: Noso, record: NosoRecord): string =>
  ['noso', localIn(noso.venue.timeZone, Date.parse(record.openedAt)).date, slug(noso.title)]
    .filter(Boolean)
    .join('-')
    .concat('.csv');

/** Makes the file here, in the browser. */
export function saveCsv(noso: Noso, record: NosoRecord): void {
  const table = new Blob([csvOf(record, noso.venue.timeZone)], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(table);
  link.download = fileName(noso, record);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
