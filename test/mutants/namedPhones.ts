import { type NamedFault, slip } from './slip.js';

const SEAT = 'client/phone/seat.ts';

/** Faults of what people hold in their hands or hang on a wall: what it keeps, shows, and lets go. */
export const PHONES: NamedFault[] = [
  slip(
    'phones: a page that is left stays connected',
    SEAT,
    ['gone: letGo }', 'gone: () => {} }'],
    ['browser/phone.test', 'browser/phone-faults'],
  ),
  slip(
    'phones: hidden as it comes back it stays connected',
    SEAT,
    [
      "if (lasting && document.visibilityState === 'hidden') letGo();",
      'if (Date.now() < 0) letGo();',
    ],
    ['browser/phone.test'],
  ),
  slip(
    'phones: hidden it stays connected',
    SEAT,
    ['hidden: () => lasting && letGo()', 'hidden: () => {}'],
    ['browser/phone.test'],
  ),
  slip(
    'phones: the number stays behind in the browser',
    SEAT,
    [
      'number = seat.number;',
      "number = seat.number;\n    localStorage.setItem('noso.number', number);",
    ],
    ['browser/phone.test', 'browser/phone-cookies'],
  ),
  slip(
    'phones: a cookie that goes with every link',
    'client/phone/request.ts',
    ['Path=/; SameSite=Lax', 'Path=/; SameSite=None'],
    ['client/leftBehind'],
  ),
  slip(
    'phones: a cookie that stays longer than it is said to',
    'client/phone/request.ts',
    ['memory.pass = pass;', 'memory.pass = pass; age *= 100;'],
    ['client/leftBehind'],
  ),
  slip(
    'phones: a cookie without Secure',
    'client/phone/request.ts',
    ["secure ? '; Secure' : ''", "secure ? '' : ''"],
    ['client/leftBehind'],
  ),
  slip(
    'phones: the token is kept by the page though the browser keeps it',
    'client/phone/request.ts',
    ['if (!keeps) memory.token = token;', 'memory.token = token; void keeps;'],
    ['client/leftBehind'],
  ),
  slip(
    'phones: the return code stays on the screen',
    'client/phone/returnCode.ts',
    ['const SHOWN = 20_000;', 'const SHOWN = 2_000_000;'],
    ['client/leftBehind'],
  ),
  slip(
    'phones: a page that nobody looks at goes on asking',
    'client/phone/waiting.ts',
    [
      "if (Date.now() < until || document.visibilityState === 'hidden') return;",
      'if (Date.now() < until) return;',
    ],
    ['browser/phone-faults', 'browser/phone.test'],
  ),
  slip(
    'phones: it beeps at the hour',
    'client/phone/beginning.ts',
    [
      'fill(holes());\n    if (gathers())',
      'fill(holes());\n    if (!gathers()) new AudioContext().resume();\n    if (gathers())',
    ],
    ['browser/phone.test', 'browser/phone-gathering'],
  ),
  slip(
    'phones: it asks to notify',
    'client/phone/dark.ts',
    ['armed = is;', 'armed = is; if (is) void Notification.requestPermission();'],
    ['browser/phone.test'],
  ),
  slip(
    'walls: numbers and codes stay behind in the screen',
    'client/wall/remembered.ts',
    [
      'const { numbers: _, code: __, ...rest } = view;',
      'const rest = { ...view, numbers: [...(view.numbers ?? [])] } as never;',
    ],
    ['client/leftBehind'],
  ),
  slip(
    'walls: silence on the line is not noticed',
    'client/wall/link.ts',
    ['socket.connected ? silent > SILENCE :', 'socket.connected ? silent > 1e9 :'],
    ['client/leftBehind'],
  ),
  slip(
    'walls: the seconds of stillness are a minute',
    'client/wall/model/held.ts',
    ['STALE_AFTER = 5000', 'STALE_AFTER = 60_000'],
    ['client/wall/held.test', 'client/wall/scene.test'],
  ),
  slip(
    'walls: a new version amidst a NoSo',
    'client/wall/model/scene.ts',
    ['    default:\n      return false;\n', '    default:\n      return true;\n'],
    ['client/wall/scene.test'],
  ),
  slip(
    'walls: a count that is full counts as live where it was not heard',
    'client/wall/model/scene.ts',
    ['ended - seen.at > STALE_AFTER ? seen.at : null', 'ended - seen.at < 0 ? seen.at : null'],
    ['client/wall/scene.test'],
  ),
  slip(
    "walls: a former wall's token stays in the address",
    'client/wall/startWall.ts',
    ["history.replaceState(null, '', location.pathname + location.search);", ';'],
    ['browser/wall-pairing'],
  ),
  slip(
    'doors: clicks stay behind after the close',
    'client/door/doorDesk.ts',
    ['await queue.remove(waiting.map(({ id }) => id));', ''],
    ['client/leftBehind'],
  ),
  slip(
    'doors: an old count as a live one',
    'client/door/doorDesk.ts',
    ['const STALE = 5000;', 'const STALE = 5_000_000;'],
    ['client/leftBehind'],
  ),
  slip(
    'doors: what waits is forgotten with the page',
    'client/door/clickQueue.ts',
    ['store = await openStore(door);', 'return inMemory();'],
    ['browser/door.test'],
  ),
  slip(
    'consoles: just cut off, it counts as live',
    'client/organizer/liveLine.ts',
    ['store.cutOff();\n      // The client comes', '// The client comes'],
    ['client/organizer/liveLine'],
  ),
  slip(
    'consoles: a session that is over goes on being shown',
    'client/organizer/consoleApi.ts',
    ["if (error instanceof Problem && error.code === 'unauthorized') lost();", ''],
    ['client/leftBehind'],
  ),
];
