/** The first that everything here runs on. */
const OLDEST = '20.19.0';
const RECOMMENDED = '24 and 26 are recommended';

/** Until when upstream mends each line of Node (github.com/nodejs/Release, schedule.json). */
const MENDED_UNTIL: Record<number, string> = {
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
  26: '2029-04-30',
};

/** What there is to say of the Node that runs this; null: nothing. `now` in ms since the epoch. */
export function judgeNode(version: string, now: number): { runs: boolean; line: string } | null {
  const [major = 0, minor = 0] = partsOf(version);
  const [oldest = 0, least = 0] = partsOf(OLDEST);
  if (major < oldest || (major === oldest && minor < least)) {
    const line = `Node ${version} is too old: at least ${OLDEST} is needed, ${RECOMMENDED}`;
    return { runs: false, line };
  }
  const until = MENDED_UNTIL[major];
  if (until === undefined || now < Date.parse(until)) return null;
  const line = `Node ${version} has been out of support since ${until}: ${RECOMMENDED}`;
  return { runs: true, line };
}

const partsOf = (version: string) => version.split('.').map(Number);
