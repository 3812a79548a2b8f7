/**
 * Any channel call as anybody: a method and its arguments as JSON.
 * @module
 */
import { fill, h } from './dom.js';
import { t } from './texts.js';
import { tree } from './values.js';

/** @type {Promise<any> | undefined} */
let methods;

/**
 * A part that opens, with a small form.
 * @param {import('./app.js').App} app
 * @param {string} user
 */
export function doAnything(app, user) {
  const name = h('input', { type: 'text', list: 'methods', 'aria-label': t('expect.method'), placeholder: t('expect.method'), spellcheck: 'false', data: { key: `method ${user}` } });
  const what = h('textarea', { rows: '3', 'aria-label': t('detail.arguments'), spellcheck: 'false', value: '{}', data: { key: `arguments ${user}` } });
  const found = h('div', { class: 'inside', role: 'status' });
  const form = h(
    'form',
    {
      class: 'anything',
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        await app.hands.did(t('hands.call', { user, method: name.value }), async () => {
          const reply = await app.api.ask('user.call', { user, method: name.value, arguments: JSON.parse(what.value || '{}') });
          fill(found, tree(reply, t('detail.reply')));
        });
      },
    },
    name, what, h('p', { class: 'acts' }, h('button', { type: 'submit' }, t('hands.callIt'))), found,
  );
  const details = h('details', { class: 'more' }, h('summary', null, t('hands.anything', { user })), form);
  details.addEventListener('toggle', () => details.open && listMethods(app));
  return details;
}

/** @param {import('./app.js').App} app */
async function listMethods(app) {
  if (document.getElementById('methods')) return;
  methods ??= app.api.ask('coverage');
  const { methods: known } = await methods;
  if (document.getElementById('methods')) return;
  document.body.append(h('datalist', { id: 'methods' }, Object.keys(known).map((value) => h('option', { value }))));
}
