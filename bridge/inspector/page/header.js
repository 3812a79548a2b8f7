/**
 * The bar at the top: views, the world's name, its clock, and the page's own switches.
 * @module
 */
import { button, fill, h } from './dom.js';
import { language, setLanguage, t } from './texts.js';
import { nextTheme, theme } from './theme.js';

export class Header {
  /**
   * @param {import('./app.js').App} app
   * @param {import('./clock.js').Clock} clock
   * @param {() => void} help
   */
  constructor(app, clock, help) {
    this.app = app;
    this.connected = h('span', { class: 'dot', role: 'img' });
    this.world = button('', () => app.turn('worlds'), { class: 'quiet', title: t('worlds.look') });
    this.tabs = h('nav', { class: 'tabs', 'aria-label': t('views') });
    const zh = language() === 'zh';
    this.theme = button('', () => { nextTheme(); this._theme(); }, { class: 'quiet' });
    fill(
      /** @type {HTMLElement} */ (document.getElementById('bar')),
      h('h1', { class: 'brand' }, this.connected, 'timbridge'),
      this.tabs, this.world, h('span', { class: 'spring' }), clock.element, this.theme,
      button(zh ? 'English' : '中文', () => { setLanguage(zh ? 'en' : 'zh'); window.location.reload(); }, { class: 'quiet', 'aria-label': t('language'), title: t('language') }),
      button('?', help, { class: 'quiet', 'aria-label': t('help.heading'), title: t('help.heading') }),
    );
    this._theme();
    this._state(app.api.connection.state);
    app.api.connection.watchers.push((state) => this._state(state));
    app.turned.push(() => this.refresh());
  }

  _theme() {
    const name = t(`theme.${theme()}`);
    fill(this.theme, name);
    this.theme.title = t('theme.how');
    this.theme.setAttribute('aria-label', t('theme.is', { name }));
  }

  /** @param {string} state */
  _state(state) {
    this.connected.className = `dot ${state}`;
    this.connected.setAttribute('aria-label', t(`connection.${state}`));
    this.connected.title = t(`connection.${state}`);
    document.body.dataset.connection = state;
    if (state === 'closed') this.app.say(this.app.api.connection.problem || t('connection.closedLong'), 'bad');
    else if (state === 'open') this.app.say(t('connection.open'));
  }

  /** Show which view it is. */
  refresh() {
    this.world.hidden = !this.app.api.world;
    fill(this.world, this.app.api.world);
    fill(
      this.tabs,
      this.app.views.map((view, at) =>
        button(t(`view.${view.name}`), () => this.app.turn(view.name), { class: 'tab', 'aria-current': view.name === this.app.view ? 'page' : null, title: `${at + 1}` }),
      ),
    );
  }
}
