import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

const WAYS = ['service/entering', 'service/comingBack'];
const SEATS = ['service/reception', 'http/seats', 'http/presence', 'http/returns'];
const OPENAPI = ['service/openapi', 'service/input', 'http/openapi', 'protocol/frames'];
const FENCE = ['engine/redis-witness', 'engine/redis-fence'];
const REPLAY = ['engine/redis-recovery', 'engine/redis-replay', 'engine/redis-faults'];

/**
 * Which tests are to see a fault, by where it is: words of their paths, the quickest first. Rows of
 * files come before those of their folders; all that fit count.
 */
const SEEN_BY: [where: RegExp, words: string[]][] = [
  [/^src\/domain\//, ['domain/']],
  [/domain\/(seating|clicks)\.ts$/, ['engine/embedded-model']],
  [/domain\/clicks\.ts$/, ['http/doors']],
  [/domain\/errors\.ts$/, ['service/refusals', 'http/errors']],
  [/domain\/kept\.ts$/, ['service/words']],

  [/service\/(entering|reception|desk|returns|comingBack|lot)\.ts$/, [...WAYS, ...SEATS]],
  [/service\/(gate|identity|keyring|access|restored)\.ts$/, ['service/identity', 'http/access']],
  [/service\/identity\.ts$/, ['service/restored', 'service/keys']],
  [/service\/(keyring|restored)\.ts$/, ['http/installations']],
  [/service\/(hands|lot)\.ts$/, ['service/hands', 'http/doors']],
  [/service\/observances\.ts$/, ['service/calendars', 'http/calendars']],
  [/service\/(pairing|places|screens|shownWall)\.ts$/, ['service/pairing', 'http/screens']],
  [/service\/shownWall\.ts$/, ['service/tellAll', 'sockets/wall-venue']],
  [/service\/causes\.ts$/, ['service/notes']],
  [
    /service\/(cities|intents|exchanges|pairing|sessions|outside|tokens)\.ts$/,
    ['service/forgotten'],
  ],
  [/service\/(passes|tokens|pairing)\.ts$/, ['service/keys']],
  [/service\/writing\.ts$/, ['service/pairing', 'service/hands']],
  [/service\/(planning|records|writing|listing)\.ts$/, ['service/planning', 'http/lifecycle']],
  [/service\/(series|seriesPlanner|evenings)\.ts$/, ['service/series', 'http/series']],
  [/service\/recurrence\.ts$/, ['service/series']],
  [/service\/intents\.ts$/, ['http/intents']],
  [/service\/(cities)\.ts$/, ['service/cities', 'http/cities']],
  [/service\/(calendars|icalendar)\.ts$/, ['service/calendars', 'http/calendars']],
  [/service\/(hearing|leavings)\.ts$/, ['http/presence', 'cluster/leave']],
  [/service\/(freshness|readiness)\.ts$/, ['service/readiness', 'live/', 'http/ready']],
  [/service\/(limits|bucket|guesses)\.ts$/, ['service/keys', 'service/guesses', 'service/limits']],
  [/service\/(metrics)\.ts$/, ['http/health']],
  [/service\/(answers|told|contract|openapi|asyncapi|input)\.ts$/, OPENAPI],
  [/service\/refusals\.ts$/, ['http/errors']],
  [/service\/(words|dictionary|zones|instants)\.ts$/, ['service/words', 'http/pages-noso']],
  [/service\/(cookies|installation|secretMark)\.ts$/, ['service/', 'http/installations']],
  [/service\/(schedule|leftovers)\.ts$/, ['http/lifecycle']],
  [/service\/present\.ts$/, ['service/present', 'http/lifecycle', 'programs/anonymity.test']],
  [/service\/(outside|causes)\.ts$/, ['service/outside', 'http/health', 'http/readings']],

  [/embedded\/(entries|trail|lapses|memory)\.ts$/, ['engine/parts', 'engine/embedded-model']],
  [/embedded\/(files|wal|place|layouts)\.ts$/, ['engine/layouts', 'engine/moved', 'engine/damage']],
  [/embedded\/(beside)\.ts$/, ['programs/backup']],
  [/embedded\/(evenTime|rationing)\.ts$/, ['engine/evenTime', 'engine/clock']],
  [/embedded\/(disk|health|rehearsal)\.ts$/, ['engine/disk', 'engine/stall', 'engine/full']],
  [/embedded\/(.*File|nosoTables|start|writer)\.ts$/, ['engine/files.test']],
  [/embedded\/(liveNoso|memory|nosoLog)\.ts$/, ['engine/liveNoso']],
  [/embedded\/(commits|nosoLog)\.ts$/, ['engine/commits', 'engine/stall']],
  [/embedded\/(catalogueStore|spent|intentStore)\.ts$/, ['engine/catalogueStore']],
  [/embedded\/(dataFolder|files|wal)\.ts$/, ['engine/wal']],
  [/embedded\/(lives|liveNoso|start)\.ts$/, ['engine/clock', 'engine/stall', 'engine/moved']],
  [/embedded\/(oldLives|nosoTables|writer)\.ts$/, ['engine/old-lives', 'engine/layouts']],
  [/embedded\/.*(File|writer|Store)\.ts$/, ['engine/forget', 'engine/damage', 'engine/durability']],
  [/^src\/engine\/embedded\//, ['engine/embedded-model', 'engine/embedded.test', 'engine/stall']],

  [/redis\/batch\.ts$/, ['engine/redis-batch']],
  [/redis\/(journal|shares|sparing|reply|liveReply|tended)\.ts$/, ['engine/redis-parts']],
  [/redis\/(witness|masterFence|servers|liveState)\.ts$/, ['engine/redis-doubts']],
  [/redis\/(scripts\/|redisCatalogue|keys)/, ['engine/redis-scripts']],
  [/redis\/scripts\/(change|click|live|log|single|lifecycle)Lua\.ts$/, ['engine/redis-exact']],
  [/redis\/(redisSeating|redisLog|batch|lifecycle|liveReply|reply)\.ts$/, ['engine/redis-exact']],
  [/redis\/(changeCall|acknowledging)\.ts$/, ['engine/redis-exact', 'redis-replay', 'redis-leave']],
  [/redis\/(redisUrl|connect|shares|bringUp)\.ts$/, ['engine/redis-address', 'redis-masters']],
  [/redis\/(redisTime|pace|hours)\.ts$/, ['engine/redis-time', 'engine/redis-pace']],
  [/redis\/(hours|redisTime)\.ts$|hourLua/, ['engine/redis-clock']],
  [/redis\/(masterFence|confirm|servers|witness)\.ts$|witnessLua/, FENCE],
  [/redis\/(guard|recovery|ledger|journal|tended)\.ts$|replayLua|epochLua/, REPLAY],
  [/redis\/(upkeep|liveState|liveReply)\.ts$|singleLua/, ['engine/redis-lapse', 'redis-replay']],
  [/redis\/redisOnce\.ts$/, ['engine/redis-faults']],
  [/redis\/bells\.ts$/, ['engine/redis-bells']],
  [/redis\/(bells|redisLog)\.ts$|logLua/, ['engine/redis.test', 'engine/redis-faults']],
  [/redis\/(redisCatalogue|keys)\.ts$|catalogueLua/, ['redis-mirror', 'redis-layouts']],
  [/redis\/(rewrites|lifecycle)\.ts$|lifecycleLua|onceLua/, ['redis-traces', 'redis-faults']],
  [/redis\/(batch|calls|redisSeating)\.ts$/, ['engine/redis-leave', 'engine/redis-faults']],
  [/redis\/redis(Trouble|Refusal)\.ts$/, ['engine/redis-address']],
  [/^src\/engine\/redis\//, ['engine/redis-exact', 'engine/redis-model', 'engine/redis.test']],
  [/^src\/engine\/[^/]+$/, ['engine/company', 'engine/layouts', 'engine/stored', 'engine/stall']],

  [/^src\/live\//, ['live/', 'sockets/wall.test', 'sockets/wall-beat']],
  [/^src\/http\//, ['http/']],
  [/^src\/sockets\//, ['sockets/']],
  [/^src\/protocol\//, ['protocol/', 'client/']],
  [/^src\/((programs|server)\/.*|[^/]+)$/, ['config', 'programs/', 'http/health']],
];

/** The test files, below `root`, whose paths have one of the words, in the order of these. */
export async function testsWith(words: readonly string[], root: string): Promise<string[]> {
  const all = (await readdir(root, { recursive: true })).filter((f) => f.endsWith('.test.js'));
  const rank = (test: string) => words.findIndex((word) => test.includes(word));
  return all
    .filter((test) => rank(test) >= 0)
    .sort()
    .sort((a, b) => rank(a) - rank(b));
}

/** The test files, below `root`, that are to see a fault in `file`; its own namesakes first. */
export async function testsOf(file: string, root: string): Promise<string[]> {
  const words = SEEN_BY.filter(([where]) => where.test(file)).flatMap(([, each]) => each);
  const own = `/${basename(file, '.ts')}`;
  return testsWith([`${own}.test.js`, `${own}-`, ...words], root);
}
