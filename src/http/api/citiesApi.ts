import type { Cities } from '../../service/cities.js';
import { newWish } from '../../service/input.js';
import type { Api } from './api.js';

/** Cities that have a NoSo, and "bring one to mine". Who asked for which, organizers alone are told. */
export function citiesApi(api: Api, cities: Cities): void {
  api.on('GET /api/cities', null, async ({ who }) => {
    const mayRead = who.role === 'organizer' || who.role === 'owner';
    const asked = mayRead ? { asked: cities.asked() } : {};
    return { status: 200, body: { cities: cities.list(), ...asked } };
  });

  api.on('POST /api/cities', newWish, async ({ body, from }) => {
    await cities.ask(body, from());
    return { status: 202 };
  });
}
