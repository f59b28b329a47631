import { startCode } from './codeField.js';
import { startSeat } from './seat.js';
import { readPage } from './showView.js';

const page = readPage();
const code = document.querySelector<HTMLFormElement>('form.code');
if (page) startSeat(page);
else if (code) startCode(code);
