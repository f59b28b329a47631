import { measure } from './measure.js';
import { startWall } from './startWall.js';

const read = (id: string) => JSON.parse(document.getElementById(id)?.textContent ?? '{}');
// This browser is young enough: it has read this.
const old = document.getElementById('old');
if (old) old.remove();
startWall({
  words: read('words'),
  about: read('about'),
  type: measure(getComputedStyle(document.body).fontFamily),
  kiosk: new URLSearchParams(location.search).has('kiosk'),
});
