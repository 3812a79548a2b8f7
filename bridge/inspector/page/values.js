/**
 * A value as a tree that opens and closes, and the differences of two.
 * @module
 */
import { h } from './dom.js';
import { t } from './texts.js';
import { brief } from './summary.js';

const OPEN_DEPTH = 2;
const OPEN_ITEMS = 24;
const PAGE = 100;

/**
 * Show a value.
 * @param {any} value
 * @param {string} [key] what it is called where it stands
 * @param {number} [depth]
 * @returns {HTMLElement}
 */
export function tree(value, key = '', depth = 0) {
  if (value === null || typeof value !== 'object') {
    return h('div', { class: 'leaf' }, name(key), scalar(value));
  }
  const entries = Object.entries(value);
  if (!entries.length) return h('div', { class: 'leaf' }, name(key), h('span', { class: 'v-null' }, Array.isArray(value) ? '[]' : '{}'));
  if (!key && !depth) return h('div', { class: 'tree' }, children(entries, 1));
  return folded(value, entries, key, depth);
}

/**
 * @param {any} value
 * @param {[string, any][]} entries
 * @param {string} key
 * @param {number} depth
 */
function folded(value, entries, key, depth) {
  const size = Array.isArray(value) ? `[${entries.length}]` : '';
  const details = h('details', { class: 'branch' }, h('summary', null, name(key), h('span', { class: 'v-brief' }, size, ' ', brief(value, 1))));
  const open = () => {
    if (details.childElementCount === 1) details.append(h('div', { class: 'tree' }, children(entries, depth + 1)));
  };
  details.addEventListener('toggle', () => details.open && open());
  if (depth <= OPEN_DEPTH && entries.length <= OPEN_ITEMS) {
    open();
    details.open = true;
  }
  return details;
}

/**
 * @param {[string, any][]} entries
 * @param {number} depth
 * @returns {any[]}
 */
function children(entries, depth) {
  const shown = entries.slice(0, PAGE).map(([key, one]) => tree(one, key, depth));
  const rest = entries.slice(PAGE);
  if (!rest.length) return shown;
  const more = h('button', { type: 'button', class: 'quiet', onclick: () => more.replaceWith(...children(rest, depth)) }, t('value.more', { n: rest.length }));
  return [...shown, more];
}

/** @param {string} key */
function name(key) {
  return key === '' ? null : h('span', { class: 'key' }, key, ':');
}

/** @param {any} value */
function scalar(value) {
  if (typeof value === 'string') return h('span', { class: 'v-string' }, value === '' ? '""' : value);
  const kind = value === null || value === undefined ? 'null' : typeof value;
  return h('span', { class: `v-${kind}` }, value === undefined ? '–' : String(value));
}

/**
 * Show how two values differ.
 * @param {import('./diff.js').Difference[]} found
 * @param {[string, string]} heads what the two are called
 * @returns {HTMLElement}
 */
export function diffTable(found, heads) {
  if (!found.length) return h('p', { class: 'calm' }, t('diff.none'));
  const rows = found.map((one) =>
    h(
      'tr',
      { class: `diff-${one.kind}` },
      h('th', { scope: 'row' }, one.path || '·'),
      h('td', { class: 'before' }, one.kind === 'added' ? '' : text(one.before)),
      h('td', { class: 'after' }, one.kind === 'removed' ? '' : text(one.after)),
    ),
  );
  const head = h('tr', null, h('th', { scope: 'col' }, t('diff.path')), ...heads.map((one) => h('th', { scope: 'col' }, one)));
  return h('div', { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': t('detail.diff') }, h('table', { class: 'diff' }, h('thead', null, head), h('tbody', null, rows)));
}

/** @param {any} value */
function text(value) {
  return typeof value === 'string' ? value || '""' : JSON.stringify(value) ?? '–';
}
