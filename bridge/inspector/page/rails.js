/**
 * The lines left of a row, as a small drawing.
 * @module
 */
import { svg } from './dom.js';
import { LANES } from './lanes.js';

const STEP = 8;
const HEIGHT = 26;
const WIDTH = LANES * STEP + 4;

/** @param {number} lane */
const at = (lane) => lane * STEP + 6;

/**
 * Draw a row's lines.
 * @param {import('./lanes.js').Row} row
 * @returns {Element[]}
 */
export function drawing(row) {
  if (!row.through && row.lane < 0) return [];
  let path = '';
  for (let lane = 0; lane < LANES; lane += 1) if (row.through & (1 << lane)) path += `M${at(lane)} 0V${HEIGHT}`;
  const marks = [];
  if (row.lane >= 0) {
    const x = at(row.lane);
    const middle = HEIGHT / 2;
    if (!row.begins) path += `M${x} 0V${middle}`;
    if (!row.ends) path += `M${x} ${middle}V${HEIGHT}`;
    if (!row.begins) path += `M${x} ${middle}H${WIDTH}`;
    else marks.push(svg('circle', { cx: x, cy: middle, r: 2.5 }));
  }
  return [svg('svg', { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}` }, svg('path', { d: path }), ...marks)];
}
