import type { NamedFault } from './slip.js';

/** Faults of the pages, which browsers run, and of what is said to them over HTTP. */
export const PAGES: NamedFault[] = [
  {
    name: 'wall: a gap in the numbers is drawn over',
    edits: [
      { at: 'client/wall/model/held.ts', was: ' || frame.from !== view.numbersSeq)', is: ')' },
    ],
    seenBy: ['client/wall/held.test'],
  },
  {
    name: 'wall: an old count takes the place of a new one',
    edits: [{ at: 'client/wall/model/held.ts', was: 'frame.seq < view.seq', is: 'frame.seq < 0' }],
    seenBy: ['client/wall/held.test'],
  },
  {
    name: 'wall: an old number as a live one',
    edits: [
      {
        at: 'client/wall/model/scene.ts',
        was: 'now - held.beatAt > STALE_AFTER ? held.beatAt : null',
        is: 'null as number | null',
      },
    ],
    seenBy: ['client/wall/scene.test'],
  },
  {
    name: 'wall: cut off, it never ends',
    edits: [
      {
        at: 'client/wall/model/scene.ts',
        was: 'if (cut !== null && now >= endsAt) return',
        is: 'if (cut !== null && now >= Infinity) return',
      },
    ],
    seenBy: ['client/wall/scene.test'],
  },
  {
    name: 'wall: numbers of a log that is lost stay',
    edits: [{ at: 'client/wall/model/held.ts', was: 'sync: anew,', is: 'sync: false,' }],
    seenBy: ['client/wall/held.test'],
  },
  {
    name: 'phone: the connection is kept in the dark',
    edits: [
      { at: 'client/phone/seat.ts', was: 'dark: () => lasting && letGo(),', is: 'dark: () => {},' },
    ],
    seenBy: ['browser/phone.test'],
  },
  {
    name: 'phone: it never goes dark',
    edits: [{ at: 'client/phone/dark.ts', was: 'AWAKE = 20_000', is: 'AWAKE = 2_000_000' }],
    seenBy: ['browser/phone.test'],
  },
  {
    name: 'phone: it shakes once seated',
    edits: [
      {
        at: 'client/phone/dark.ts',
        was: 'armed = is;',
        is: 'armed = is; navigator.vibrate?.(200);',
      },
    ],
    seenBy: ['browser/phone.test'],
  },
  {
    name: 'http: of a key that stands twice the last counts',
    edits: [{ at: 'src/http/body.ts', was: 'readOnce(text)', is: 'JSON.parse(text)' }],
    seenBy: ['http/readings', 'http/hostile-http'],
  },
  {
    name: 'http: bodies that say that they are compressed are read all the same',
    edits: [
      { at: 'src/http/body.ts', was: "each.toLowerCase() !== 'identity'", is: 'each.length > 99' },
    ],
    seenBy: ['http/readings', 'http/hostile-http'],
  },
  {
    name: "http: cookies count for another site's page",
    edits: [
      {
        at: 'src/service/identity.ts',
        was: 'if (origin !== undefined) return ownOrigin(origin, request, publicUrl);',
        is: 'if (origin !== undefined) return true;',
      },
    ],
    seenBy: ['http/access'],
  },
  {
    name: 'http: scripts may read the token',
    edits: [
      {
        at: 'src/service/cookies.ts',
        was: 'httpOnly: !READABLE.includes(name)',
        is: 'httpOnly: false',
      },
    ],
    seenBy: ['service/cookies'],
  },
  {
    name: 'http: cookies that are not Secure',
    edits: [
      {
        at: 'src/service/cookies.ts',
        was: '      secure: isSecure(),\n    });\n  }',
        is: '      secure: false,\n    });\n  }',
      },
    ],
    seenBy: ['service/cookies'],
  },
  {
    name: 'http: metrics for whoever comes by a proxy',
    edits: [
      { at: 'src/http/metricsAccess.ts', was: 'FORWARDED.test(name)', is: "name === 'never'" },
    ],
    seenBy: ['http/operator'],
  },
  {
    name: 'http: the address of whoever was refused on standard error',
    edits: [
      {
        at: 'src/http/api/api.ts',
        was: 'const address = deps.addressOf(request);',
        is: 'const address = deps.addressOf(request); console.error(address);',
      },
    ],
    seenBy: ['programs/anonymity-seizure'],
  },
];
