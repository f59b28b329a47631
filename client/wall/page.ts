import { measure } from './measure.js';
import { startWall } from './startWall.js';

const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}');
startWall({
  words,
  type: measure(getComputedStyle(document.body).fontFamily),
  kiosk: new URLSearchParams(location.search).has('kiosk'),
});
