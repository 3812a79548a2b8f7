/**
 * Time and trouble: the clock and what is due, faults, checkpoints and going back, and the world as a whole.
 * @module
 */
import { button, fill, h } from './dom.js';
import { faultForm, faultList } from './faults.js';
import { keeping } from './keeping.js';
import { brief } from './summary.js';
import { t } from './texts.js';
import { fullTime, span } from './time.js';

export class Control {
  /**
   * @param {import('./app.js').App} app
   * @param {import('./clock.js').Clock} clock
   */
  constructor(app, clock) {
    this.app = app;
    this.clock = clock;
    this.name = 'control';
    /** @type {string[]} */
    this.checkpoints = [];
    this.time = h('section', { class: 'card' });
    this.faults = h('div');
    this.past = h('section', { class: 'card' });
    const trouble = h('section', { class: 'card' }, h('h2', null, t('control.faults')), this.faults, faultForm(app, () => this.refresh()), this._network());
    this.element = h('div', { class: 'cards' }, this.time, trouble, this.past, keeping(app));
    app.travel = (seq) => this.travel(seq);
    app.journal.watchers.push(() => this.soon());
    this.waiting = 0;
  }

  shown() {
    this.refresh();
  }

  soon() {
    if (this.app.view !== this.name || this.waiting) return;
    this.waiting = window.setTimeout(() => {
      this.waiting = 0;
      this.refresh();
    }, 300);
  }

  /** Ask how things stand, and show it. */
  async refresh() {
    const { api } = this.app;
    const [view, faults, marks] = await Promise.all([
      this.app.attempt(() => api.view(undefined)),
      this.app.attempt(() => api.ask('fault.list')),
      api.ask('travel.list').catch(() => ({ marks: [] })),
    ]);
    if (!view || !faults) return;
    this.clock.show(view.world.now_ms);
    this._time(view.world);
    faultList(this.app, this.faults, faults.faults, () => this.refresh());
    this._past(marks.marks.filter((/** @type {any} */ mark) => mark.method));
  }

  /** @param {Record<string, any>} world */
  _time(world) {
    const timers = [...(world.timers ?? [])].sort((a, b) => a.due_ms - b.due_ms);
    if (this.time.contains(document.activeElement) && document.activeElement?.matches('input')) return;
    const input = h('input', { type: 'number', min: '0', value: '120', 'aria-label': t('clock.seconds'), class: 'short' });
    fill(
      this.time,
      h('h2', null, t('clock.heading')),
      h('p', { class: 'mono' }, fullTime(world.now_ms)),
      h('form', { class: 'acts', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.clock.advance(Number(input.value) * 1000); } }, input, h('span', null, 's'), h('button', { type: 'submit' }, t('clock.advance')), button(t('clock.next'), () => this.clock.next(), { title: t('clock.nextHow') })),
      h('h3', null, t('clock.timers')),
      timers.length ? h('ul', { class: 'lines' }, timers.map((timer) => h('li', null, h('span', { class: 'n' }, t('clock.in', { span: span(timer.due_ms - world.now_ms) })), h('span', { class: 'mono' }, timer.rule), h('span', { class: 'calm mono' }, brief(timer.arguments))))) : h('p', { class: 'calm' }, t('clock.noTimer')),
    );
  }

  _network() {
    const { app } = this;
    return h('p', { class: 'acts' }, button(t('control.syncFails'), () => app.hands.did(t('control.syncFails'), () => app.api.ask('service.syncFails')), { title: t('control.syncHow') }), button(t('control.syncWorks'), () => app.hands.did(t('control.syncWorks'), () => app.api.ask('service.syncWorks'))));
  }

  /** @param {{seq: number, ms: number, method: string}[]} marks */
  _past(marks) {
    fill(
      this.past,
      h('h2', null, t('past.heading')),
      h('p', { class: 'calm' }, t('past.how')),
      h('p', { class: 'acts' }, button(t('past.remember'), () => this._remember(), { class: 'first' })),
      this.checkpoints.length ? h('ul', { class: 'lines' }, this.checkpoints.map((name) => h('li', null, h('span', { class: 'mono' }, name), h('span', { class: 'spring' }), button(t('past.to'), () => this._rollback(name))))) : null,
      h('h3', null, t('past.calls')),
      marks.length ? h('ul', { class: 'lines tall', tabindex: '0', 'aria-label': t('past.calls') }, marks.slice(-100).reverse().map((mark) => h('li', null, h('span', { class: 'n' }, `#${mark.seq}`), h('span', { class: 'mono' }, mark.method), h('span', { class: 'spring' }), button(t('past.look'), () => this.app.lookBefore(mark.seq), { class: 'quiet' }), button(t('past.to'), () => this.travel(mark.seq), { class: 'quiet' })))) : h('p', { class: 'calm' }, t('past.none')),
    );
  }

  async _remember() {
    const made = await this.app.attempt(() => this.app.api.ask('world.checkpoint'), t('past.remembered'));
    if (made) this.checkpoints.push(made.checkpoint);
    await this.refresh();
  }

  /** @param {string} name */
  async _rollback(name) {
    const done = await this.app.attempt(() => this.app.api.ask('world.rollback', { checkpoint: name }), t('past.went', { where: name }));
    if (!done) return;
    this.checkpoints.splice(this.checkpoints.indexOf(name) + 1);
    this.app.changed();
    await this.refresh();
  }

  /**
   * Go back to before a call.
   * @param {number} seq
   */
  async travel(seq) {
    const done = await this.app.attempt(() => this.app.api.ask('travel.to', { seq }), t('past.went', { where: `#${seq}` }));
    if (!done) return;
    this.app.returned?.();
    this.app.changed();
  }
}
