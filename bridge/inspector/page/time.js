/**
 * The world's time as people read it: UTC, for the virtual clock knows no place.
 * @module
 */

/**
 * Return the time of day.
 * @param {number} ms since 1970
 */
export function clockTime(ms) {
  return new Date(ms).toISOString().slice(11, 23);
}

/**
 * Return date and time.
 * @param {number} ms since 1970
 */
export function fullTime(ms) {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}

/**
 * Return the time of a message: hours and minutes.
 * @param {number} ms since 1970
 */
export function shortTime(ms) {
  return new Date(ms).toISOString().slice(11, 16);
}

const UNITS = /** @type {[string, number][]} */ ([['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]]);

/**
 * Return how long something takes, in its two largest units.
 * @param {number} ms
 */
export function span(ms) {
  const parts = [];
  let rest = Math.max(ms, 0);
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || `${Math.round(rest)} ms`;
}
