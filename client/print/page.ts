import type { Noso, PaperInfo } from '../../src/protocol/wire.js';
import { fetchInTime } from '../shared/fetchInTime.js';
import { createPaper, type Said } from './onPaper.js';

const PATIENCE = 10_000;

type Given = { publicUrl: string; wifi: string | null } & Record<
  string,
  Pick<Said, 'print' | 'time'>
>;

/**
 * `?noso=…&what=sheets|how|exit`, `size=a5` for a poster of half the size, and `lang` where it is not
 * to be the venue's.
 */
async function start(): Promise<void> {
  const given = JSON.parse(document.getElementById('words')?.textContent ?? '{}') as Given;
  const asked = new URLSearchParams(location.search);
  const id = encodeURIComponent(asked.get('noso') ?? '');
  const what = asked.get('what') ?? 'sheets';
  const get = async <T>(path: string) => {
    const answered = await fetchInTime('GET', path, { patience: PATIENCE });
    return answered?.ok ? (answered.body as T) : null;
  };

  const noso = await get<Noso>(`/api/nosos/${id}`);
  const languages = Object.keys(given).filter((each) => !['publicUrl', 'wifi'].includes(each));
  const wishes = [asked.get('lang'), noso?.venue.language, document.documentElement.lang];
  const language = wishes.find((wish) => wish && languages.includes(wish)) ?? languages[0];
  const said = given[language ?? ''];
  if (!said || !language) return;
  document.documentElement.lang = language;
  document.documentElement.classList.toggle('half', asked.get('size') === 'a5');
  if (!noso) {
    document.body.append(said.print.absent);
    return;
  }
  const paper = createPaper({ language, ...said }, noso, given.publicUrl);
  if (what === 'how') paper.how(given.wifi);
  else if (what === 'exit') paper.exit();
  else {
    const drawn = await get<{ paper: PaperInfo[] }>(`/api/nosos/${id}/paper`);
    if (drawn) paper.sheets(drawn.paper.map(({ number }) => number));
    else paper.note(said.print.absent);
  }
}

void start();
