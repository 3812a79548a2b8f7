/**
 * "I expected something else": holds the journal against an expectation, and shows the nearest misses and how they differ.
 * @module
 */
import { button, fill, h } from './dom.js';
import { carried } from './journal.js';
import { t } from './texts.js';
import { diffTable } from './values.js';

/**
 * @param {import('./app.js').App} app
 * @param {import('./journal.js').Entry} entry
 */
export function expectation(app, entry) {
  const isEvent = entry.kind === 'event' || entry.kind === 'dropped';
  const call = app.journal.callOf(entry) ?? entry;
  const name = h('input', { type: 'text', value: isEvent ? entry.arguments?.type ?? entry.method : call.method, spellcheck: 'false' });
  const what = h('textarea', { rows: '6', spellcheck: 'false', value: JSON.stringify(isEvent ? entry.arguments?.data ?? {} : carried(call) ?? {}, null, 1) });
  const found = h('div', { class: 'inside', role: 'status' });
  const ask = async () => {
    try {
      const value = what.value.trim() ? JSON.parse(what.value) : undefined;
      const wanted = isEvent ? { events: [{ type: name.value, data: value }] } : { calls: [{ method: name.value, arguments: value }] };
      fill(found, shown(app, await app.api.expect(wanted)));
    } catch (error) {
      fill(found, h('p', { class: 'bad' }, /** @type {Error} */ (error).message));
    }
  };
  return h(
    'details',
    { class: 'part' },
    h('summary', null, h('h3', null, t('expect.heading'))),
    h('p', { class: 'calm' }, t('expect.how')),
    h('label', { class: 'field' }, h('span', null, isEvent ? t('expect.type') : t('expect.method')), name),
    h('label', { class: 'field' }, h('span', null, isEvent ? t('detail.data') : t('detail.arguments')), what),
    button(t('expect.ask'), ask),
    found,
  );
}

/**
 * @param {import('./app.js').App} app
 * @param {any} answer
 */
function shown(app, answer) {
  if (answer.match) return h('p', { class: 'good' }, t('expect.met'));
  return answer.missing.map((/** @type {any} */ one) => [
    h('p', { class: 'bad' }, t('expect.missing', { n: one.found ?? 0 })),
    (one.nearest || []).map((/** @type {any} */ near) => [
      h('p', null, t('expect.near'), ' ', h('button', { type: 'button', class: 'link', onclick: () => app.go(near.seq) }, `#${near.seq} ${near.method}`)),
      diffTable(
        near.differences.map((/** @type {any} */ d) => ({ path: d.path, kind: 'changed', before: d.expected, after: d.actual })),
        [t('expect.expected'), t('expect.actual')],
      ),
    ]),
  ]);
}
