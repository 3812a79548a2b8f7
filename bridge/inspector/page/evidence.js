/**
 * What a method's behaviour rests on: where it was seen, and what was decided where nobody knows.
 * @module
 */
import { fill, h } from './dom.js';
import { t } from './texts.js';

/** @type {Map<string, Promise<any>>} */
const asked = new Map();

/**
 * A part that opens and then asks for the evidence.
 * @param {import('./app.js').App} app
 * @param {import('./journal.js').Entry} entry
 */
export function evidence(app, entry) {
  const inside = h('div', { class: 'inside' });
  const details = h('details', { class: 'part' }, h('summary', null, h('h3', null, t('detail.evidence'))), inside);
  const open = async () => {
    if (!details.open || inside.childElementCount) return;
    const method = app.journal.callOf(entry)?.method ?? entry.method;
    if (!asked.has(method)) asked.set(method, app.api.evidence(method));
    try {
      fill(inside, shown(await asked.get(method)));
    } catch (error) {
      asked.delete(method);
      fill(inside, h('p', { class: 'calm' }, /** @type {Error} */ (error).message));
    }
  };
  details.addEventListener('toggle', open);
  if (entry.assumed) details.open = true;
  return details;
}

/** @param {any} known */
function shown(known) {
  const rules = (known.rules || []).map((/** @type {any} */ rule) =>
    h('li', null, h('span', { class: `badge e-${String(rule.kind).replaceAll(' ', '-')}` }, t(`evidence.${rule.kind}`)), ' ', rule.rule, rule.code ? ` (${rule.code})` : '', rule.missing ? ` — ${t('evidence.missing')}` : '', h('div', { class: 'calm source' }, rule.source)),
  );
  const claims = (known.evidence || []).map((/** @type {any} */ one) =>
    h('li', null, h('span', { class: `badge e-${String(one.kind).replaceAll(' ', '-')}` }, t(`evidence.${one.kind}`)), ' ', one.claim, h('div', { class: 'calm source' }, one.source)),
  );
  const decisions = Object.entries(known.decisions || {}).map(([heading, text]) => h('details', { class: 'decision' }, h('summary', null, heading), h('p', null, String(text))));
  return [
    decisions.length ? [h('h4', null, t('evidence.decisions')), decisions] : null,
    rules.length ? [h('h4', null, t('evidence.rules')), h('ul', { class: 'rules' }, rules)] : null,
    claims.length ? [h('h4', null, t('evidence.claims')), h('ul', { class: 'rules' }, claims)] : null,
    (known.notes || []).map((/** @type {string} */ note) => h('p', { class: 'calm' }, note)),
  ];
}
