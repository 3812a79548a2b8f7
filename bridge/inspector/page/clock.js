/**
 * The world's clock in the bar at the top: what time it is there, and how to move it.
 * @module
 */
import { button, fill, h } from './dom.js';
import { t } from './texts.js';
import { fullTime } from './time.js';

export class Clock {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.ms = 0;
    this.time = h('time', { class: 'mono' });
    this.element = h(
      'div',
      { class: 'clock', role: 'group', 'aria-label': t('clock.heading') },
      this.time,
      button('+1 s', () => this.advance(1000), { title: t('clock.advance') }),
      button('+1 min', () => this.advance(60_000), { title: t('clock.advance') }),
      button(t('clock.next'), () => this.next(), { title: t('clock.nextHow') }),
    );
    app.journal.watchers.push((fresh) => fresh.length && this.show(fresh[fresh.length - 1].ms));
    app.looked.push((model) => this.show(model.ms));
  }

  /** @param {number} ms */
  show(ms) {
    if (ms === this.ms) return;
    this.ms = ms;
    fill(this.time, fullTime(ms));
    this.time.dateTime = new Date(ms).toISOString();
  }

  /** Ask what time it is. */
  async ask() {
    const now = await this.app.attempt(() => this.app.api.ask('clock.now'));
    if (now) this.show(now.ms);
  }

  /** @param {number} ms */
  async advance(ms) {
    await this.app.hands.did(t('clock.moved'), async () => this.show((await this.app.api.ask('clock.advance', { ms })).ms));
    this.app.changed();
  }

  /** Go to the moment when the next timer is due. */
  async next() {
    const view = await this.app.attempt(() => this.app.api.view(undefined));
    const due = (view?.world.timers ?? []).map((/** @type {any} */ timer) => timer.due_ms).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b)[0];
    if (due === undefined) this.app.say(t('clock.noTimer'));
    else await this.advance(Math.max(due - view.world.now_ms, 0));
  }
}
