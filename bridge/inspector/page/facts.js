/**
 * Everything that an export has, section by section: rows as they are, those that the last call changed marked.
 * @module
 */
import { h } from './dom.js';
import { back } from './conversations.js';
import { t } from './texts.js';
import { brief } from './summary.js';
import { tree } from './values.js';

const MOST = 300;
/** Sections that stay open when everything is made anew. @type {Set<string>} */
const opened = new Set();

/** @param {import('./worldview.js').WorldView} view */
export function factTables(view) {
  const { world } = view.model;
  const plain = Object.entries(world).filter(([, value]) => !Array.isArray(value));
  const sections = Object.entries(world).filter(([, value]) => Array.isArray(value) && value.length);
  return [
    h('header', { class: 'head' }, h('div', { class: 'headline' }, back(view), h('h2', null, t('world.facts'))), h('p', { class: 'calm' }, t('facts.how')), view.changes.gone.length ? h('p', { class: 'note' }, t('facts.gone'), ' ', view.changes.gone.map((key) => key.replaceAll('\n', ' ')).join(', ')) : null),
    sections.map(([name, rows]) => table(view, name, rows)),
    h('details', { class: 'facts' }, h('summary', null, t('facts.rest')), tree(Object.fromEntries(plain))),
  ];
}

/**
 * @param {import('./worldview.js').WorldView} view
 * @param {string} name
 * @param {Record<string, any>[]} rows
 */
function table(view, name, rows) {
  const changed = rows.filter((row, place) => view.changes.has(name, row, place)).length;
  const details = h('details', { class: 'facts' }, h('summary', { data: { key: `facts ${name}` } }, h('span', { class: 'mono' }, name), h('span', { class: 'n' }, rows.length), changed ? h('span', { class: 'chip new' }, t('facts.changed', { n: changed })) : null));
  const fillIn = () => {
    if (details.childElementCount > 1) return;
    const shown = rows.slice(0, MOST);
    details.append(
      h('ul', { class: 'rowsof' }, shown.map((row, place) => {
        const one = h('details', { class: `fact${view.changes.has(name, row, place) ? ' changed' : ''}` }, h('summary', { class: 'mono' }, brief(row)));
        one.addEventListener('toggle', () => one.open && one.childElementCount === 1 && one.append(tree(row)));
        return h('li', null, one);
      })),
      ...(rows.length > MOST ? [h('p', { class: 'calm' }, t('value.more', { n: rows.length - MOST }))] : []),
    );
  };
  details.addEventListener('toggle', () => {
    if (details.open) opened.add(name);
    else opened.delete(name);
    if (details.open) fillIn();
  });
  if (opened.has(name)) {
    fillIn();
    details.open = true;
  }
  return details;
}
