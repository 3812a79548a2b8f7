/**
 * The lines left of a row, as a small drawing that is made once and changed.
 * @module
 */
import { svg } from './dom.js';
import { LANES } from './lanes.js';

const STEP = 8;
const HEIGHT = 26;
const WIDTH = LANES * STEP + 4;

/** @param {number} lane */
const at = (lane) => lane * STEP + 6;

/** By what they show: there are few different ones. @type {Map<string, string>} */
const paths = new Map();

/**
 * Make a drawing.
 * @returns {{element: SVGElement, show: (row: import('./lanes.js').Row) => void}}
 */
export function drawing() {
  const lines = svg('path', { class: 'lines' });
  const dot = svg('path', { class: 'begins' });
  const element = svg('svg', { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'rails', 'aria-hidden': 'true' }, lines, dot);
  const shown = { path: '', dot: '' };
  const show = (/** @type {import('./lanes.js').Row} */ row) => {
    const path = pathOf(row);
    const mark = row.begins && row.lane >= 0 ? `M${at(row.lane) - 2.5} ${HEIGHT / 2}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0` : '';
    if (path !== shown.path) lines.setAttribute('d', path);
    if (mark !== shown.dot) dot.setAttribute('d', mark);
    [shown.path, shown.dot] = [path, mark];
  };
  return { element, show };
}

/** @param {import('./lanes.js').Row} row */
function pathOf(row) {
  const key = `${row.lane} ${row.begins} ${row.ends} ${row.through}`;
  let path = paths.get(key);
  if (path === undefined) paths.set(key, (path = drawn(row)));
  return path;
}

/** @param {import('./lanes.js').Row} row */
function drawn(row) {
  let path = '';
  for (let lane = 0; lane < LANES; lane += 1) if (row.through & (1 << lane)) path += `M${at(lane)} 0V${HEIGHT}`;
  if (row.lane < 0) return path;
  const x = at(row.lane);
  const middle = HEIGHT / 2;
  if (!row.begins) path += `M${x} 0V${middle}M${x} ${middle}H${WIDTH}`;
  if (!row.ends) path += `M${x} ${middle}V${HEIGHT}`;
  return path;
}
