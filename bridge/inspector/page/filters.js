/**
 * Which entries are shown.
 * @module
 */
import { isRefusal } from './journal.js';
import { searched, title } from './summary.js';

/** @typedef {import('./journal.js').Entry} Entry */

/** Kinds as they can be switched; refusals are replies that say no. */
export const KINDS = ['call', 'reply', 'refusal', 'event', 'dropped', 'warning', 'fault'];

/**
 * Return an entry's kind as the switches have it.
 * @param {Entry} entry
 * @returns {string}
 */
export function kindOf(entry) {
  return isRefusal(entry) ? 'refusal' : entry.kind;
}

/**
 * @typedef {object} Filter
 * @property {Set<string>} hidden kinds that are not shown
 * @property {string} text words, and `method:`, `user:`, `device:`, `kind:`, `seq:`; a minus before one turns it round
 * @property {string} user
 * @property {string} device `*` for all
 * @property {boolean} together an entry is shown when another of the same call is found
 */

/** @returns {Filter} */
export function unfiltered() {
  return { hidden: new Set(), text: '', user: '', device: '*', together: false };
}

/**
 * Return whether a filter lets everything through.
 * @param {Filter} filter
 */
export function isOpen(filter) {
  return !filter.hidden.size && !filter.text.trim() && !filter.user && filter.device === '*';
}

/**
 * Make a test of entries.
 * @param {Filter} filter
 * @returns {(entry: Entry) => boolean}
 */
export function test(filter) {
  const tests = words(filter.text).map(one);
  return (entry) =>
    !filter.hidden.has(kindOf(entry)) &&
    (!filter.user || entry.user === filter.user) &&
    (filter.device === '*' || entry.device === filter.device) &&
    tests.every((fits) => fits(entry));
}

/**
 * Cut a text into words; what stands in quotes is one.
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return (text.match(/(?:[^\s"]|"[^"]*"?)+/g) || []).map((word) => word.replaceAll('"', '')).filter(Boolean);
}

/**
 * @param {string} word
 * @returns {(entry: Entry) => boolean}
 */
function one(word) {
  if (word.length > 1 && word.startsWith('-')) {
    const fits = one(word.slice(1));
    return (entry) => !fits(entry);
  }
  const [, key, rest] = /^(method|user|device|kind|seq):(.+)$/i.exec(word) || [];
  const wanted = (rest ?? word).toLowerCase();
  switch (key?.toLowerCase()) {
    case 'method':
      return (entry) => entry.method.toLowerCase().includes(wanted) || title(entry).toLowerCase().includes(wanted);
    case 'user':
      return (entry) => (entry.user || '').toLowerCase() === wanted;
    case 'device':
      return (entry) => entry.device.toLowerCase() === wanted;
    case 'kind':
      return (entry) => kindOf(entry) === wanted || entry.kind === wanted;
    case 'seq':
      return (entry) => String(entry.seq) === wanted || String(entry.cause) === wanted;
    default:
      return (entry) => searched(entry).includes(wanted);
  }
}
