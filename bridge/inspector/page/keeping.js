/**
 * The world as a whole: save it, load one, begin anew; and forget the journal.
 * @module
 */
import { button, h } from './dom.js';
import { t } from './texts.js';

const SHIPPED = ['empty', 'team', 'large'];

/** @param {import('./app.js').App} app */
export function keeping(app) {
  const file = h('input', { type: 'file', accept: '.json,application/json', 'aria-label': t('keep.file'), onchange: () => file.files?.[0] && load(app, file.files[0]) });
  const shipped = (/** @type {string} */ world) => button(world, () => whole(app, 'world.load', { world }, t('keep.loaded', { name: world })));
  return h(
    'section',
    { class: 'card' },
    h('h2', null, t('keep.heading')),
    h('p', { class: 'acts' }, button(t('keep.save'), () => save(app), { class: 'first' }), button(t('keep.reset'), () => whole(app, 'world.reset', {}, t('keep.resetDone')), { class: 'danger', title: t('keep.resetHow') })),
    h('h3', null, t('keep.load')),
    h('p', { class: 'acts' }, SHIPPED.map(shipped)),
    h('p', { class: 'acts' }, file),
    h('h3', null, t('keep.journal')),
    h('p', { class: 'acts' }, button(t('keep.clear'), () => clear(app))),
  );
}

/**
 * @param {import('./app.js').App} app
 * @param {string} method
 * @param {Record<string, any>} params
 * @param {string} done
 */
async function whole(app, method, params, done) {
  if (await app.attempt(() => app.api.ask(method, params), done)) app.changed();
}

/**
 * @param {import('./app.js').App} app
 * @param {File} file
 */
async function load(app, file) {
  const world = await app.attempt(async () => JSON.parse(await file.text()));
  if (world) await whole(app, 'world.load', { world }, t('keep.loaded', { name: file.name }));
}

/** @param {import('./app.js').App} app */
async function save(app) {
  const world = await app.attempt(() => app.api.ask('world.export'));
  if (world) download(`${app.api.world || 'world'}.json`, `${JSON.stringify(world, null, 2)}\n`);
}

/** @param {import('./app.js').App} app */
async function clear(app) {
  if (!(await app.attempt(() => app.api.ask('journal.clear'), t('keep.cleared')))) return;
  app.journal.clear();
  app.timeline.update();
}

/**
 * Hand a text to the browser as a file.
 * @param {string} name
 * @param {string} text
 */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  h('a', { href: url, download: name.replace(/[^\w.-]+/g, '_') }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
