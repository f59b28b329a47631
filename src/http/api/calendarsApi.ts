import type { CalendarFile, Calendars } from '../../service/calendars.js';
import { calendarQuery, demand } from '../../service/input.js';
import type { Answer, Api } from './api.js';

/** Calendars: of one NoSo, of a venue's or a city's, of all. */
export function calendarsApi(api: Api, calendars: Calendars): void {
  api.on('GET /api/nosos/:id/calendar.ics', null, async ({ params }) =>
    file(await calendars.one(params.id as string)),
  );
  api.on('GET /api/calendar.ics', null, async ({ query }) =>
    file(await calendars.list(demand(calendarQuery, query))),
  );
}

const file = ({ name, text }: CalendarFile): Answer<never> => ({
  status: 200,
  file: { name, text, type: 'text/calendar; charset=utf-8' },
});
