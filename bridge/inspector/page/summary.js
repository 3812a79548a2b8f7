/**
 * What an entry comes to in a line, and in what words it can be searched.
 * @module
 */
import { carried } from './journal.js';

/** @typedef {import('./journal.js').Entry} Entry */

const LONG = 300;
const SMALL = 60;

/**
 * Write a value short: what is empty is left out, what is deep is named only.
 * @param {any} value
 * @param {number} [depth]
 * @returns {string}
 */
export function brief(value, depth = 0) {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return depth ? quoted(value) : value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    if (!value.length) return '[]';
    if (depth > 2) return `[${value.length}]`;
    return `[${cut(value, (one) => brief(one, depth + 1))}]`;
  }
  const entries = Object.entries(value).filter(([, one]) => !isEmpty(one));
  if (depth > 2) return '{…}';
  const inner = cut(entries, ([key, one]) => `${key}: ${brief(one, depth + 1)}`);
  return depth ? `{${inner}}` : inner;
}

/**
 * @template T
 * @param {T[]} list
 * @param {(one: T) => string} write
 */
function cut(list, write) {
  let text = '';
  for (const one of list) {
    if (text.length > LONG) return `${text}, …`;
    text += (text ? ', ' : '') + write(one);
  }
  return text;
}

/** @param {string} text */
function quoted(text) {
  return `“${text.length > SMALL ? `${text.slice(0, SMALL)}…` : text}”`;
}

/** @param {any} value */
function isEmpty(value) {
  if (value === null || value === undefined || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * Return what an entry is about: an event's type, else the method.
 * @param {Entry} entry
 * @returns {string}
 */
export function title(entry) {
  const type = entry.arguments?.type;
  return (entry.kind === 'event' || entry.kind === 'dropped') && typeof type === 'string' ? type : entry.method;
}

/**
 * Return an entry in a line, without its title.
 * @param {Entry} entry
 * @returns {string}
 */
export function line(entry) {
  if (entry.kind === 'reply') {
    if (entry.error) return `${entry.error.code} ${entry.error.message}`;
    const { result } = entry;
    if (!result || typeof result !== 'object' || !('code' in result)) return brief(result);
    const data = isEmpty(result.data) ? '' : ` ${brief(result.data, 1)}`;
    return result.code ? `${result.code} ${result.desc ?? ''}${data}` : `0${data}`;
  }
  if (entry.kind === 'event' || entry.kind === 'dropped') {
    const told = entry.arguments;
    return told && typeof told === 'object' && 'data' in told ? brief(told.data ?? '') : brief(told ?? '');
  }
  return brief(carried(entry) ?? '');
}

/**
 * Return all that can be searched in an entry, in small letters. It is made once.
 * @param {Entry} entry
 * @returns {string}
 */
export function searched(entry) {
  if (entry.found === undefined) {
    entry.found = `${entry.method}\n${entry.device}\n${entry.user}\n${JSON.stringify(carried(entry) ?? '')}`.toLowerCase();
  }
  return entry.found;
}
