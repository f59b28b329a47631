import { measure } from './type';
import { startWall } from './wall';

const words = JSON.parse(document.getElementById('words')?.textContent ?? '{}');
startWall({
  words,
  type: measure(getComputedStyle(document.body).fontFamily),
  kiosk: new URLSearchParams(location.search).has('kiosk'),
});
