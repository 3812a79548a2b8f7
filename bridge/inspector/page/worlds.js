/**
 * The worlds of this server: each with the test that holds it; finished ones stay until they are dropped.
 * @module
 */
import { button, fill, h } from './dom.js';
import { t } from './texts.js';

const LOOK_MS = 2000;

export class Worlds {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.name = 'worlds';
    this.body = h('tbody');
    const heads = ['name', 'holder', 'devices', 'calls', 'state', ''].map((key) => h('th', { scope: 'col' }, key ? t(`worlds.${key}`) : h('span', { class: 'unseen' }, t('worlds.acts'))));
    this.element = h('section', { class: 'worlds scrolls', tabindex: '0', 'aria-label': t('view.worlds') }, h('p', { class: 'calm' }, t('worlds.how')), h('table', null, h('thead', null, h('tr', null, heads)), this.body));
    this.offered = h('p', { class: 'acts offered', hidden: true });
    app.timeline.element.append(this.offered);
    window.setInterval(() => app.view === this.name && !document.hidden && this.refresh(), LOOK_MS);
    window.setInterval(() => this._offer(), LOOK_MS / 4);
  }

  /** Where nothing has happened here, offer the worlds in which something has: whoever runs tests begins in an empty one. */
  async _offer() {
    const { app } = this;
    const isEmpty = !app.journal.entries.length;
    this.offered.hidden = this.offered.hidden || !isEmpty;
    if (!isEmpty || app.view !== 'timeline' || app.api.connection.state !== 'open' || document.hidden) return;
    const answer = await app.api.ask('worlds.list').catch(() => ({ worlds: [] }));
    const others = answer.worlds.filter((/** @type {any} */ world) => world.name !== app.api.world && countOf(world.calls)).slice(-8);
    const names = others.map((/** @type {any} */ world) => world.name).join('\n');
    if (app.journal.entries.length || names === this.offered.dataset.names) return;
    this.offered.dataset.names = names;
    this.offered.hidden = !others.length;
    fill(this.offered, h('span', null, t('worlds.elsewhere')), others.map((/** @type {any} */ world) => button(world.holder || world.name || t('worlds.common'), () => this._enter(world.name))));
  }

  shown() {
    this.refresh();
  }

  async refresh() {
    const answer = await this.app.attempt(() => this.app.api.ask('worlds.list'));
    if (!answer) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    fill(this.body, answer.worlds.map((/** @type {any} */ world) => this._row(world)));
    if (focused) /** @type {HTMLElement | undefined} */ ([...this.body.querySelectorAll('[data-key]')].find((one) => one.dataset.key === focused))?.focus();
  }

  /** @param {any} world */
  _row(world) {
    const { app } = this;
    const here = world.name === app.api.world;
    const name = world.name || t('worlds.common');
    const state = world.finished ? 'finished' : 'running';
    return h(
      'tr',
      { class: here ? 'here' : null },
      h('th', { scope: 'row' }, name),
      h('td', null, world.holder ?? ''),
      h('td', null, countOf(world.devices)),
      h('td', null, world.calls ?? ''),
      h('td', null, h('span', { class: `chip ${world.finished ? '' : 'on'}` }, t(`worlds.${state}`))),
      h('td', { class: 'acts' }, here ? h('span', { class: 'calm' }, t('worlds.here')) : button(t('worlds.look'), () => this._enter(world.name), { data: { key: `look ${world.name}` } }), world.finished && !here ? button(t('worlds.drop'), () => app.attempt(() => app.api.ask('worlds.drop', { world: world.name }), t('worlds.dropped', { name })).then(() => this.refresh()), { class: 'quiet', data: { key: `drop ${world.name}` } }) : null),
    );
  }

  /** @param {string} world */
  async _enter(world) {
    if (this.app.view === this.name) this.app.turn('timeline'); // at once: whoever turns to another view meanwhile stays there
    await this.app.enter(world);
  }
}

/** @param {any} devices a number, or the devices */
function countOf(devices) {
  return Array.isArray(devices) ? devices.length : devices ?? '';
}
