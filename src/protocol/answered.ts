/** What each route of the API answers where it does not refuse: the typed form, for both sides. */
import type {
  Code,
  DoorAnswer,
  DoorInfo,
  Entered,
  EntryPass,
  Evening,
  Noso,
  NosoRecord,
  OrganizerInfo,
  PaperInfo,
  Seat,
  Series,
  Snapshot,
  Venue,
  WaitingScreen,
  WallInfo,
} from './wire.js';

export type Drawn = { number: string; token: string };
/** Of an organizer, a wall, a door: shown this once. */
export type Key = { id: string; url: string; token: string };
export type Intended = { noso: string; number: string };
/** A screen's own: it asked to be paired, and was. */
export type Paired = { id: string; token: string };
/** With a code of a screen the token goes to the screen alone. */
export type HungWall = { id: string; url?: string; token?: string };
/** What a wall shows, for whoever asks once in a while. */
export type Glance = Omit<Snapshot, 'numbers' | 'code'> &
  Partial<Pick<Snapshot, 'numbers' | 'code'>>;
/** `asked`: for organizers. */
export type Cities = {
  cities: { city: string; country?: string; nosos: number }[];
  asked?: { city: string; country?: string; count: number }[];
};
export type SignedIn = { id: string; role: 'organizer' | 'owner'; label: string };
export type Counted = { at: string; count: number };
export type TakenBack = { freed: number; until: string };
export type Planned = { id: string; nosos: Noso[] };
type Nothing = undefined;

/** By method and path. A file is a text. */
export interface Answered {
  'POST /api/passes': EntryPass;
  'POST /api/numbers': Drawn;
  'POST /api/seats': Entered;
  'POST /api/returns': Entered;
  'GET /api/nosos': { nosos: Noso[]; next?: string };
  'GET /api/nosos/:id': Noso;
  'GET /api/nosos/:id/calendar.ics': string;
  'GET /api/calendar.ics': string;

  'PUT /api/nosos/:id/intent': Intended;
  'DELETE /api/nosos/:id/intent': Nothing;
  'PUT /api/presence': Seat;
  'GET /api/presence/:noso': Seat;
  'DELETE /api/presence/:noso': Nothing;

  'POST /api/walls/pairing': WaitingScreen;
  /** Empty while nobody has paired it. */
  'POST /api/walls/pairing/claim': Paired | Record<string, never>;
  'GET /api/walls/me': Glance;

  'GET /api/cities': Cities;
  'POST /api/cities': Nothing;
  'POST /api/door': DoorAnswer;

  'POST /api/sign-in': Nothing;
  'GET /api/sign-in': SignedIn;
  'DELETE /api/sign-in': Nothing;

  'POST /api/venues': Venue;
  'GET /api/venues': { venues: Venue[] };
  'PATCH /api/venues/:id': Venue;
  'DELETE /api/venues/:id': Nothing;
  'POST /api/nosos': Noso;
  'PATCH /api/nosos/:id': Noso;
  'DELETE /api/nosos/:id': Nothing;
  'POST /api/nosos/:id/open': Noso;
  'POST /api/nosos/:id/close': Noso;
  'POST /api/nosos/:id/cancel': Noso;
  'GET /api/nosos/:id/code': Code;
  'GET /api/nosos/:id/record': NosoRecord;
  'PUT /api/nosos/:id/headcount': Counted;
  'GET /api/nosos/:id/void': TakenBack;
  'POST /api/nosos/:id/void': TakenBack;
  'POST /api/nosos/:id/paper': { numbers: string[] };
  'GET /api/nosos/:id/paper': { paper: PaperInfo[] };
  'PUT /api/nosos/:id/paper/:number': { number: string };
  'DELETE /api/nosos/:id/paper/:number': Nothing;
  'POST /api/nosos/:id/doors': Key;
  'GET /api/nosos/:id/doors': { doors: DoorInfo[] };
  'DELETE /api/doors/:id': Nothing;
  'GET /api/records': { records: NosoRecord[]; next?: string };
  'POST /api/venues/:id/walls': HungWall;
  'GET /api/venues/:id/walls': { walls: WallInfo[] };
  'PATCH /api/walls/:id': WallInfo;
  'POST /api/walls/:id/identify': Nothing;
  'DELETE /api/walls/:id': Nothing;

  'POST /api/series': Planned;
  'GET /api/series': { series: Series[] };
  'GET /api/series/foreseen': { evenings: Evening[] };
  'GET /api/series/:id': Series & { evenings: Evening[] };
  'PUT /api/series/:id/evenings/:date': Planned;
  'PATCH /api/series/:id': Planned;
  'DELETE /api/series/:id': Nothing;

  'POST /api/organizers': Key;
  'GET /api/organizers': { organizers: OrganizerInfo[] };
  'DELETE /api/organizers/:id': Nothing;
}
