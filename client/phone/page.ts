import { awaitDoors } from './awaitDoors.js';
import { startCode } from './codeField.js';
import { startReturnCode } from './returnCode.js';
import { startSeat } from './seat.js';
import { fillAlways, readPage } from './showView.js';

fillAlways();
const page = readPage();
const code = document.querySelector<HTMLFormElement>('form.code');
if (page) startReturnCode(startSeat(page));
else startReturnCode(() => {});
if (code) {
  startCode(code);
  awaitDoors();
}
