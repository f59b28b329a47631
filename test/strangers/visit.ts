// What a stranger writes who has nothing but the document, and what was generated from it: every route
// once, from the plan to the record. Compiled and run by test/http/strangers.test.ts, beside the module
// that is generated there; the project's own types are none of its business.
import { ok } from '@oazapfts/runtime';
import type * as generated from './noso.js';

type Client = typeof generated;

const MINUTE = 60_000;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

export async function visit(noso: Client, owner: string): Promise<void> {
  const own = bearer(owner);
  await noso.postSignIn({ key: owner });
  await ok(noso.getSignIn(own));
  await noso.deleteSignIn();
  const key = await ok(noso.postOrganizers({ label: 'Odile' }, own));
  await ok(noso.getOrganizers(own));
  const odile = bearer(key.token);

  const venue = await venues(noso, odile);
  const wall = await walls(noso, odile, venue.id);
  await evenings(noso, odile, venue.id);
  const plan = {
    venue: venue.id,
    title: 'Une heure',
    startsAt: at(-MINUTE),
    endsAt: at(30 * MINUTE),
  };
  const { id } = await ok(noso.postNosos(plan, odile));
  await beforehand(noso, odile, id);
  await ok(noso.postNososIdOpen(id, odile));
  await people(noso, odile, id);
  await hands(noso, odile, id);
  await screen(noso, wall);
  await ok(noso.getNososIdVoid(id, at(-MINUTE), {}, odile));
  const { freed } = await ok(noso.postNososIdVoid(id, { since: at(-MINUTE) }, odile));
  if (freed !== 1) throw new Error(`${freed} seats were given back`);
  await ok(noso.putNososIdHeadcount(id, { count: 4 }, odile));
  await ok(noso.postNososIdClose(id, odile));
  const record = await ok(noso.getNososIdRecord(id, odile));
  const { records } = await ok(noso.getRecords({ city: 'Lyon' }, odile));
  if (records[0]?.total !== record.total) throw new Error('two records');

  await noso.deleteNososId(id, odile);
  await noso.deleteWallsId(wall.id, odile);
  await noso.deleteVenuesId(venue.id, odile);
  await noso.deleteOrganizersId(key.id, own);
}

type Asking = ReturnType<typeof bearer>;

async function venues(noso: Client, as: Asking) {
  const place = { name: 'Bibliothèque', city: 'Lyon', timeZone: 'Europe/Paris' };
  const venue = await ok(noso.postVenues({ ...place, language: 'fr' }, as));
  await ok(noso.patchVenuesId(venue.id, { address: '14, place Carnot' }, as));
  await ok(noso.getVenues(as));
  await noso.postCities({ city: 'Oslo' });
  await ok(noso.getCities());
  return venue;
}

/** Paired by a code; named, and measured. */
async function walls(noso: Client, as: Asking, venue: string) {
  const { code, secret } = await ok(noso.postWallsPairing());
  const early = await noso.postWallsPairingClaim({ secret });
  if (early.status !== 202) throw new Error('it was paired by nobody');
  const { id } = await ok(noso.postVenuesIdWalls(venue, { pairing: code }, as));
  const paired = await noso.postWallsPairingClaim({ secret });
  if (paired.status !== 200 || !('token' in paired.data)) throw new Error('it was not paired');
  await ok(noso.patchWallsId(id, { name: 'Vitrine', diagonal: 55, distance: 4 }, as));
  await noso.postWallsIdIdentify(id, as);
  await ok(noso.getVenuesIdWalls(venue, as));
  return { id, token: String(paired.data.token) };
}

async function evenings(noso: Client, as: Asking, venue: string) {
  const rule = { rule: 'FREQ=DAILY', startsAt: at(24 * 60 * MINUTE), minutes: 30 };
  const { id } = await ok(noso.postSeries({ venue, title: 'Chaque soir', ...rule }, as));
  await ok(noso.patchSeriesId(id, { title: 'Tous les soirs' }, as));
  await ok(noso.getSeries(as));
  await ok(noso.getSeriesForeseen(venue, rule.rule, rule.startsAt, as));
  const { evenings } = await ok(noso.getSeriesId(id, as));
  await ok(noso.putSeriesIdEveningsDate(id, evenings.at(-1)?.date ?? '', as));
  await noso.deleteSeriesId(id, as);
}

async function beforehand(noso: Client, as: Asking, id: string) {
  const { token } = await ok(noso.postNumbers({ noso: id }));
  await ok(noso.putNososIdIntent(id, bearer(token)));
  await noso.deleteNososIdIntent(id, bearer(token));
  await ok(noso.patchNososId(id, { capacity: 40 }, as));
  await ok(noso.getNosos({ city: 'Lyon', state: 'scheduled' }));
  await ok(noso.getNososId(id, as));
  await ok(noso.getNososIdCalendarIcs(id));
  await ok(noso.getCalendarIcs({ city: 'Lyon' }));
  const { title, startsAt, endsAt, venue } = await ok(noso.getNososId(id));
  const other = await ok(noso.postNosos({ title, startsAt, endsAt, venue: venue.id }, as));
  await ok(noso.postNososIdCancel(other.id, as));
}

async function people(noso: Client, as: Asking, id: string) {
  const { code } = await ok(noso.getNososIdCode(id, as));
  const { pass } = await ok(noso.postPasses({ code }));
  const { token } = await ok(noso.postNumbers({ pass }));
  await ok(noso.postNumbers({ pass }));
  await ok(noso.putPresence({ pass }, bearer(token)));
  await ok(noso.getPresenceNoso(id, bearer(token)));
  await noso.deletePresenceNoso(id, bearer(token));

  const own = 'of-this-visit-0001';
  const { seat } = await ok(noso.postSeats({ code, id: own }));
  const again = await noso.postSeats({ code, id: own });
  if (again.status !== 200) throw new Error('a repetition seats somebody new');
  const { number, returnCode } = seat;
  const entry = await ok(noso.postPasses({ code }));
  await ok(noso.postReturns({ pass: entry.pass, number, returnCode }));
}

async function hands(noso: Client, as: Asking, id: string) {
  const door = await ok(noso.postNososIdDoors(id, { name: 'Entrée' }, as));
  const clicks = ['in', 'in', 'out', 'in'].map((what, k) => ({
    ...{ id: `of-this-visit-click-${k}`, what: what as 'in' | 'out', at: at(0) },
  }));
  const { results, here } = await ok(noso.postDoor({ clicks }, bearer(door.token)));
  if (here !== 2 || !results.every((each) => each.ok)) throw new Error(`${here} are here`);
  await ok(noso.getNososIdDoors(id, as));
  const { numbers } = await ok(noso.postNososIdPaper(id, { count: 2 }, as));
  const [number = ''] = numbers;
  await ok(noso.putNososIdPaperNumber(id, number, as));
  await ok(noso.getNososIdPaper(id, as));
  await noso.deleteNososIdPaperNumber(id, number, as);
  await noso.deleteDoorsId(door.id, as);
}

async function screen(noso: Client, { token }: { token: string }) {
  const shown = await ok(noso.getWallsMe({ numbers: '1', code: '1' }, bearer(token)));
  if (shown.noso?.state !== 'open' || !shown.code) throw new Error('the wall shows nothing');
  const brief = await noso.getWallsMe({}, bearer(token));
  const tag = brief.headers.get('etag') ?? '';
  const asked = bearer(token);
  await noso.getWallsMe({}, { headers: { ...asked.headers, 'if-none-match': tag } });
}
