import type {
  Code,
  DoorInfo,
  Evening,
  Noso,
  NosoRecord,
  OrganizerInfo,
  PaperInfo,
  Series,
  Venue,
  WallInfo,
  Problem as Wire,
} from '../../src/protocol/wire.js';
import { fetchInTime } from '../shared/fetchInTime.js';
import type { NosoFields, SeriesFields } from './model/planValues.js';

/** Past this an answer is not waited for: what was asked may still have been done. */
const PATIENCE = 10_000;

export type SignIn = { role: 'owner' | 'organizer'; label: string };
export type VenueFields = Omit<Venue, 'id' | 'country' | 'address'> & {
  country: string | null;
  address: string | null;
};
/** `diagonal` in inches, `distance` in metres; null: unknown. */
export type WallFields = { name?: string; diagonal: number | null; distance: number | null };
/** A link that is shown once: the server keeps only its hash. */
export type Given = { id: string; url: string; token: string };

/** NoSos of a series as they came to be. */
export type Planned = { id: string; nosos: Noso[] };
/** How often somebody asked for a NoSo in a city. */
export type AskedCity = { city: string; country?: string; count: number };

/** A refusal by the server (its `code`), or no answer at all (`offline`). */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: string,
    readonly reason: string | null = null,
    /** Seconds. */
    readonly retryAfter: number | null = null,
    /** With a conflict over a NoSo: the NoSo as it now is. */
    readonly noso: Noso | null = null,
    /** With a `bad_request`: the field that it is about. */
    readonly field: string | null = null,
  ) {
    super(reason === null ? code : `${code}.${reason}`);
  }
}

function problem(status: number, body: unknown): Problem {
  const fallback = status >= 500 ? 'unavailable' : status === 401 ? 'unauthorized' : 'bad_request';
  if (typeof body !== 'object' || body === null) return new Problem(fallback);
  const said = body as Partial<Wire> & { noso?: Noso; field?: string };
  return new Problem(
    said.code ?? fallback,
    said.reason ?? null,
    said.retryAfter ?? null,
    said.noso ?? null,
    said.field ?? null,
  );
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetchInTime(method, `/api/${path}`, { body, patience: PATIENCE });
  if (!answer) throw new Problem('offline');
  if (!answer.ok) throw problem(answer.status, answer.body);
  return answer.body as T;
}

const query = (filters: Record<string, string | undefined>) =>
  new URLSearchParams(
    Object.entries(filters).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString();
const at = encodeURIComponent;

/**
 * The organizers' half of the contract, as the signed-in browser calls it: the session is a cookie
 * that no script can read. Every call throws a `Problem`; `lost` is called when one says that
 * nobody is signed in any more.
 */
export function createApi(lost: () => void) {
  const guarded = async <T>(method: string, path: string, body?: object): Promise<T> => {
    try {
      return await call<T>(method, path, body);
    } catch (error) {
      if (error instanceof Problem && error.code === 'unauthorized') lost();
      throw error;
    }
  };
  const get = <T>(path: string) => guarded<T>('GET', path);
  const post = <T>(path: string, body: object = {}) => guarded<T>('POST', path, body);
  const patch = <T>(path: string, body: object) => guarded<T>('PATCH', path, body);
  const remove = (path: string) => guarded<null>('DELETE', path);
  return {
    whoAmI: () => call<SignIn>('GET', 'sign-in'),
    async signIn(key: string): Promise<SignIn> {
      await call<null>('POST', 'sign-in', { key });
      return call<SignIn>('GET', 'sign-in');
    },
    signOut: () => call<null>('DELETE', 'sign-in'),
    stillSignedIn: () => get<SignIn>('sign-in'),

    nosos: (filters: { state?: string; from?: string; cursor?: string }) =>
      get<{ nosos: Noso[]; next?: string }>(`nosos?${query(filters)}`),
    noso: (id: string) => get<Noso>(`nosos/${at(id)}`),
    plan: (fields: NosoFields) => post<Noso>('nosos', fields),
    amend: (id: string, fields: Partial<NosoFields>) => patch<Noso>(`nosos/${at(id)}`, fields),
    forget: (id: string) => remove(`nosos/${at(id)}`),
    open: (id: string) => post<Noso>(`nosos/${at(id)}/open`),
    close: (id: string) => post<Noso>(`nosos/${at(id)}/close`),
    cancel: (id: string) => post<Noso>(`nosos/${at(id)}/cancel`),
    code: (id: string) => get<Code>(`nosos/${at(id)}/code`),
    records: (filters: { year: string; cursor?: string | undefined }) =>
      get<{ records: NosoRecord[]; next?: string }>(`records?${query(filters)}`),
    headcount: (id: string, count: number) =>
      guarded<{ at: string; count: number }>('PUT', `nosos/${at(id)}/headcount`, { count }),
    doors: (id: string) => get<{ doors: DoorInfo[] }>(`nosos/${at(id)}/doors`),
    addDoor: (id: string, name: string) =>
      post<Given>(`nosos/${at(id)}/doors`, name ? { name } : {}),
    revokeDoor: (id: string) => remove(`doors/${at(id)}`),
    paper: (id: string) => get<{ paper: PaperInfo[] }>(`nosos/${at(id)}/paper`),
    drawPaper: (id: string, count: number) =>
      post<{ numbers: string[] }>(`nosos/${at(id)}/paper`, { count }),
    wouldTakeBack: (id: string, since: string) =>
      get<{ freed: number; until: string }>(`nosos/${at(id)}/void?${query({ since })}`),
    takeBack: (id: string, since: string) =>
      post<{ freed: number; until: string }>(`nosos/${at(id)}/void`, { since }),
    record: (id: string) => get<NosoRecord>(`nosos/${at(id)}/record`),

    series: () => get<{ series: Series[] }>('series'),
    oneSeries: (id: string) => get<Series & { evenings: Evening[] }>(`series/${at(id)}`),
    foresee: (of: { venue: string; rule: string; startsAt: string }) =>
      get<{ evenings: Evening[] }>(`series/foreseen?${query(of)}`),
    addSeries: (fields: SeriesFields) => post<Planned>('series', fields),
    amendSeries: (id: string, fields: Partial<SeriesFields>) =>
      patch<Planned>(`series/${at(id)}`, fields),
    endSeries: (id: string) => remove(`series/${at(id)}`),
    putBack: (id: string, date: string) =>
      guarded<Planned>('PUT', `series/${at(id)}/evenings/${at(date)}`),
    askedCities: () => get<{ asked?: AskedCity[] }>('cities'),

    venues: () => get<{ venues: Venue[] }>('venues'),
    addVenue: (fields: Partial<VenueFields>) => post<Venue>('venues', fields),
    amendVenue: (id: string, fields: Partial<VenueFields>) =>
      patch<Venue>(`venues/${at(id)}`, fields),
    forgetVenue: (id: string) => remove(`venues/${at(id)}`),
    walls: (venue: string) => get<{ walls: WallInfo[] }>(`venues/${at(venue)}/walls`),
    addWall: (venue: string, name: string) =>
      post<Given>(`venues/${at(venue)}/walls`, name ? { name } : {}),
    pairWall: (venue: string, name: string, pairing: string) =>
      post<{ id: string }>(`venues/${at(venue)}/walls`, name ? { name, pairing } : { pairing }),
    amendWall: (id: string, fields: WallFields) => patch<WallInfo>(`walls/${at(id)}`, fields),
    identifyWall: (id: string) => post<null>(`walls/${at(id)}/identify`),
    revokeWall: (id: string) => remove(`walls/${at(id)}`),

    organizers: () => get<{ organizers: OrganizerInfo[] }>('organizers'),
    addOrganizer: (label: string) => post<Given>('organizers', { label }),
    revokeOrganizer: (id: string) => remove(`organizers/${at(id)}`),
  };
}

export type Api = ReturnType<typeof createApi>;
