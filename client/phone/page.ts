import { startCode } from './code.js';
import { startSeat } from './seat.js';
import { readPage } from './views.js';

const page = readPage();
const code = document.querySelector<HTMLFormElement>('form.code');
if (page) startSeat(page);
else if (code) startCode(code);
