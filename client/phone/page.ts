import { awaitDoors } from './awaitDoors.js';
import { startCode } from './codeField.js';
import { startSeat } from './seat.js';
import { fillAlways, readPage } from './showView.js';

fillAlways();
const page = readPage();
const code = document.querySelector<HTMLFormElement>('form.code');
if (page) startSeat(page);
else if (code) {
  startCode(code);
  awaitDoors();
}
