import { type NamedFault, slip } from './slip.js';

/** Faults of what people show: tokens, passes, codes, cookies, and who may do what with them. */
export const KEYS: NamedFault[] = [
  slip(
    "keys: a seat's token is good at another NoSo",
    'src/service/desk.ts',
    ['holder.noso !== null && holder.noso !== noso', "holder.noso === 'never'"],
    ['service/entering', 'http/seats'],
  ),
  slip(
    'keys: a number that is not kept means to come elsewhere',
    'src/service/intents.ts',
    ['who.noso === null || who.noso === noso', "who.noso !== 'never'"],
    ['service/intents'],
  ),
  slip(
    "keys: a seat's pass goes with any number",
    'src/service/entering.ts',
    ['read.number !== null && read.number !== who?.number', 'read.number === Infinity'],
    ['service/entering'],
  ),
  slip(
    "keys: a wall's token where a door's is asked",
    'src/service/access.ts',
    ['role === needed ||', "role === needed || (role === 'wall' && needed === 'door') ||"],
    ['http/access'],
  ),
  slip(
    "keys: a door's token where a wall's is asked",
    'src/service/access.ts',
    ['role === needed ||', "role === needed || (role === 'door' && needed === 'wall') ||"],
    ['http/access'],
  ),
  slip(
    'keys: an organizer where an owner is asked',
    'src/service/access.ts',
    ["(role === 'owner' && needed === 'organizer')", "/^(owner|organizer)$/.test(role + '')"],
    ['http/access'],
  ),
  slip(
    'keys: of a key its id is enough',
    'src/service/identity.ts',
    ['if (!same) return null;', 'void same;'],
    ['service/identity', 'http/access'],
  ),
  slip(
    'keys: an entry pass that does not expire',
    'src/domain/seating.ts',
    ['if (now > Math.max(issuedAt, state.openedAt) + ENTRY_PASS)', 'if (now === Infinity)'],
    ['domain/seating.test'],
  ),
  slip(
    'keys: an entry pass that does not expire, on Redis',
    'src/engine/redis/scripts/changeLua.ts',
    ['now > math.max(issuedAt + off, openedAt) + ', 'now > 1e16 + '],
    ['engine/redis-model', 'engine/redis.test'],
  ),
  slip(
    'keys: passes, whatever their end',
    'src/service/passes.ts',
    ['Number(rest.at(-1)) > now', 'Number(rest.at(-1)) > 0'],
    ['service/passes'],
  ),
  slip(
    'keys: passes, whatever their MAC',
    'src/service/passes.ts',
    [
      'macs.some((mac) => isSame(shown, short(mac, fields)))',
      'macs.length > 0 && isSame(shown, shown)',
    ],
    ['service/passes'],
  ),
  slip(
    'keys: a return code that outlives its sitting',
    'src/service/passes.ts',
    [
      'returnCode: (noso: string, number: number, sitting: number)',
      'returnCode: (noso: string, number: number, _: number, sitting = 1)',
    ],
    ['service/comingBack', 'http/returns'],
  ),
  slip(
    'keys: of a return code the first half counts',
    'src/service/returns.ts',
    [
      'timingSafeEqual(read, Buffer.from(right))',
      'timingSafeEqual(read.subarray(0, 3), Buffer.from(right).subarray(0, 3))',
    ],
    ['service/comingBack'],
  ),
  slip(
    'keys: return codes may be tried without end',
    'src/service/comingBack.ts',
    ['if (!read) await returns.tried(noso.id);', ''],
    ['service/comingBack'],
  ),
  {
    name: 'keys: tokens for any audience',
    edits: [
      { at: 'src/service/tokens.ts', was: 'audience: kind,', is: '' },
      { at: 'src/service/tokens.ts', was: 'payload.aud !== kind || ', is: '' },
    ],
    seenBy: ['service/tokens'],
  },
  slip(
    'keys: tokens that never end',
    'src/service/tokens.ts',
    ['|| !Number.isSafeInteger(payload.exp)', ''],
    ['service/tokens'],
  ),
  slip(
    'keys: what must be understood is passed over',
    'src/service/tokens.ts',
    ["if ('crit' in read) return '';", ''],
    ['service/tokens'],
  ),
  slip(
    'keys: other algorithms',
    'src/service/tokens.ts',
    ["algorithms: ['HS256'],", "algorithms: ['HS256', 'HS384', 'HS512'],"],
    ['service/tokens'],
  ),
  slip(
    'keys: a sign-in link is good twice',
    'src/service/keyring.ts',
    ['if (!first) throw', 'if (first === null) throw'],
    ['service/identity'],
  ),
  slip(
    'keys: signing out leaves the session',
    'src/http/api/organizers.ts',
    ['if (!meant) await keyring.signOut(who, token);', 'void meant;'],
    ['http/sign-out'],
  ),
  slip(
    'keys: a session that is over is over on its own node alone',
    'src/service/sessions.ts',
    ["await engine.reserve(rowOf(session.id), 'over', Math.min(session.until, latest));", ''],
    ['service/sessions'],
  ),
  slip(
    "keys: another site's page may sign in",
    'src/service/access.ts',
    ["new Set(['POST /api/sign-in', 'DELETE /api/sign-in'])", "new Set(['DELETE /api/sign-in'])"],
    ['http/sign-out'],
  ),
  slip(
    "keys: another site's page may sign out",
    'src/service/access.ts',
    ["new Set(['POST /api/sign-in', 'DELETE /api/sign-in'])", "new Set(['POST /api/sign-in'])"],
    ['http/sign-out'],
  ),
  slip(
    'keys: cookies without __Host- under https',
    'src/service/cookies.ts',
    ['return isSecure() ? [', 'return !deps ? ['],
    ['service/cookies'],
  ),
  slip(
    "keys: an organizer's cookie goes with a link from elsewhere",
    'src/service/cookies.ts',
    ["sameSite: STRICT.includes(name) ? 'strict' : 'lax'", "sameSite: 'lax'"],
    ['service/cookies'],
  ),
  slip(
    'keys: the cookie of another installation counts',
    'src/service/cookies.ts',
    ['(UNSIGNED.includes(name) || deps.made(name, value))', 'name'],
    ['service/cookies'],
  ),
  slip(
    'keys: codes before a NoSo is open',
    'src/service/codes.ts',
    ["if (noso.life.is !== 'open' && !isPrinted(noso)) continue;", ''],
    ['service/codes'],
  ),
  slip(
    'keys: ways in are bounded on each node by itself',
    'src/service/exchanges.ts',
    ['if (await counted(id, noso, bound)) return;', 'return void counted;'],
    ['service/exchanges'],
  ),
  slip(
    'keys: one address may have all that is free',
    'src/service/exchanges.ts',
    ['!(alone || own.opened.total < free / 2)', 'false'],
    ['service/exchanges'],
  ),
  slip(
    'keys: guesses do not wait',
    'src/service/reception.ts',
    ['const turn = await guesses.turn(caller, typed);', 'const turn = FREE;'],
    ['http/seats', 'attacks'],
  ),
  slip(
    'keys: wrong codes are answered at once',
    'src/service/guesses.ts',
    [
      'if (held.size === 0 && answers.take(clock.steady())) return false;',
      'if (held) return false;',
    ],
    ['service/guesses'],
  ),
  slip(
    'keys: what is tried at home is counted only where it is right',
    'src/service/guesses.ts',
    ['if (!address.home.take(clock.steady())) return false;', ''],
    ['service/guesses'],
  ),
  slip(
    'keys: what nodes tell each other counts unsealed',
    'src/sockets/sealing.ts',
    [
      "if (typeof sealed !== 'string') return null;",
      'if (typeof sealed !== "string") return sealed;',
    ],
    ['sockets/sealing'],
  ),
];
