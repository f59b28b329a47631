import { type NamedFault, slip } from './slip.js';

/** Faults of the pages, which browsers run, and of what is said to them over HTTP. */
export const PAGES: NamedFault[] = [
  slip(
    'wall: a gap in the numbers is drawn over',
    'client/wall/model/held.ts',
    [' || frame.from !== view.numbersSeq)', ')'],
    ['client/wall/held.test'],
  ),
  slip(
    'wall: an old count takes the place of a new one',
    'client/wall/model/held.ts',
    ['frame.seq < view.seq', 'frame.seq < 0'],
    ['client/wall/held.test'],
  ),
  slip(
    'wall: an old number as a live one',
    'client/wall/model/scene.ts',
    ['now - held.beatAt > STALE_AFTER ? held.beatAt : null', 'null as number | null'],
    ['client/wall/scene.test'],
  ),
  slip(
    'wall: cut off, it never ends',
    'client/wall/model/scene.ts',
    ['if (cut !== null && now >= endsAt) return', 'if (cut !== null && now >= Infinity) return'],
    ['client/wall/scene.test'],
  ),
  slip(
    'wall: numbers of a log that is lost stay',
    'client/wall/model/held.ts',
    ['sync: anew,', 'sync: false,'],
    ['client/wall/held.test'],
  ),
  slip(
    'phone: it is connected though its seat lasts',
    'client/phone/seat.ts',
    ['wanted: () => !lasting && !sitting', 'wanted: () => !sitting'],
    ['browser/phone.test'],
  ),
  slip(
    'phone: it never goes dark',
    'client/phone/dark.ts',
    ['AWAKE = 20_000', 'AWAKE = 2_000_000'],
    ['browser/phone.test'],
  ),
  slip(
    'phone: it shakes once seated',
    'client/phone/dark.ts',
    ['armed = is;', 'armed = is; navigator.vibrate?.(200);'],
    ['browser/phone.test'],
  ),
  slip(
    'http: of a key that stands twice the last counts',
    'src/http/body.ts',
    ['readOnce(text)', 'JSON.parse(text)'],
    ['http/readings', 'http/hostile-http'],
  ),
  slip(
    'http: bodies that say that they are compressed are read all the same',
    'src/http/body.ts',
    ["each.toLowerCase() !== 'identity'", 'each.length > 99'],
    ['http/readings', 'http/hostile-http'],
  ),
  slip(
    "http: cookies count for another site's page",
    'src/service/identity.ts',
    [
      'if (origin !== undefined) return ownOrigin(origin, request, publicUrl);',
      'if (origin !== undefined) return true;',
    ],
    ['http/access'],
  ),
  slip(
    'http: scripts may read the token',
    'src/service/cookies.ts',
    ['httpOnly: !READABLE.includes(name)', 'httpOnly: false'],
    ['service/cookies'],
  ),
  slip(
    'http: cookies that are not Secure',
    'src/service/cookies.ts',
    ['      secure: isSecure(),\n    });\n  }', '      secure: false,\n    });\n  }'],
    ['service/cookies'],
  ),
  slip(
    'http: metrics for whoever comes by a proxy',
    'src/http/metricsAccess.ts',
    ['FORWARDED.test(name)', "name === 'never'"],
    ['http/operator'],
  ),
  slip(
    'http: the address of whoever was refused on standard error',
    'src/http/api/api.ts',
    [
      'const address = deps.addressOf(request);',
      'const address = deps.addressOf(request); console.error(address);',
    ],
    ['programs/anonymity-seizure'],
  ),
];
