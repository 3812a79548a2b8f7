/**
 * The world: who is there, what each of them sees, and what the last call changed.
 * @module
 */
import { Changes } from './changes.js';
import { Chat } from './chat.js';
import { conversationList } from './conversations.js';
import { button, fill, h } from './dom.js';
import { factTables } from './facts.js';
import { groupPanel } from './groups.js';
import { isHidden } from './journal.js';
import { Model } from './model.js';
import { nav } from './people.js';
import { relations } from './relations.js';
import { t } from './texts.js';
import { fullTime } from './time.js';

const QUIET_MS = 120;

/** @typedef {{kind: 'user' | 'group' | 'relations' | 'facts', id: string}} Place */

export class WorldView {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.name = 'world';
    this.model = new Model({}, []);
    this.changes = new Changes();
    /** @type {Place} */
    this.place = { kind: 'user', id: '' };
    this.conversation = '';
    /** @type {number | undefined} the call before which the world is looked at */
    this.at = undefined;
    this.waiting = 0;
    /** @type {Map<string, number>} how much is shown of lists that somebody has made longer */
    this.lengths = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.kept = new Map();
    this.people = h('nav', { class: 'pane people', 'aria-label': t('world.people') });
    this.middle = h('section', { class: 'pane place', 'aria-label': t('world.place') });
    this.chat = new Chat(app, this);
    this.past = h('div', { class: 'past', role: 'status', hidden: true });
    this.panes = h('div', { class: 'panes' }, this.people, this.middle, this.chat.element);
    this.element = h('div', { class: 'world' }, this.past, this.panes);
    app.journal.watchers.push(() => this.soon());
    app.onlook = (seq) => this.look(seq);
    app.returned = () => { this.at = undefined; };
  }

  shown() {
    this.refresh();
  }

  /** Look again in a moment, if anybody looks. */
  soon() {
    if (this.app.view !== this.name || this.waiting || this.at !== undefined) return;
    this.waiting = window.setTimeout(() => {
      this.waiting = 0;
      this.refresh();
    }, QUIET_MS);
  }

  /** Fetch the world and show it. */
  async refresh() {
    const seen = await this.app.attempt(() => this.app.api.view(this.at));
    if (!seen) return;
    this.model = new Model(seen.world, this._devices(seen.devices));
    this.app.model = this.model;
    this.changes.take(seen.world);
    this._choose();
    this.draw();
    this.app.looked.forEach((act) => act(this.model));
  }

  /**
   * Return an element that outlives being drawn anew: somebody may be writing in it.
   * @param {string} key
   * @param {() => HTMLElement} make
   * @returns {HTMLElement}
   */
  keep(key, make) {
    let element = this.kept.get(key);
    if (!element) this.kept.set(key, (element = make()));
    return element;
  }

  /**
   * Return the devices that are open, and those of which the journal knows that somebody was logged in there when they closed.
   * @param {import('./model.js').Device[]} open
   * @returns {import('./model.js').Device[]}
   */
  _devices(open) {
    if (this.at !== undefined) return open;
    const names = new Set(open.map((device) => device.device));
    const closed = [...this.app.journal.users].filter(([device]) => !names.has(device) && !isHidden(device));
    return [...open, ...closed.map(([device, user]) => ({ device, user, closed: true }))];
  }

  /** Choose what is there, where nothing is chosen or what was chosen is gone. */
  _choose() {
    const { model, place } = this;
    if (place.kind === 'user' && !model.users.has(place.id)) this.place = { kind: 'user', id: model.userIds[0] ?? '' };
    if (place.kind === 'group' && !model.groups.has(place.id)) this.place = { kind: 'user', id: model.userIds[0] ?? '' };
    if (this.place.kind !== 'user') return;
    const open = model.conversationsOf(this.place.id);
    if (!this.conversation && open.length) this.conversation = open[0].id;
  }

  /**
   * Go to somebody or something.
   * @param {Place} place
   * @param {string} [conversation]
   */
  go(place, conversation = '') {
    this.place = place;
    this.conversation = conversation;
    this._choose();
    this.draw();
    this.panes.dataset.open = conversation ? 'chat' : 'place';
  }

  /** @param {string} conversation */
  open(conversation) {
    this.conversation = conversation;
    this.draw();
    this.panes.dataset.open = 'chat';
  }

  /** Show everything. */
  draw() {
    const { model, place } = this;
    const focused = focusKey();
    fill(this.people, nav(this));
    if (place.kind === 'user') fill(this.middle, conversationList(this, place.id));
    else if (place.kind === 'group') fill(this.middle, groupPanel(this, place.id));
    else if (place.kind === 'relations') fill(this.middle, relations(this));
    else fill(this.middle, factTables(this));
    this.panes.classList.toggle('wide', place.kind === 'relations' || place.kind === 'facts');
    if (place.kind === 'user') this.chat.show(model, place.id, this.conversation);
    else if (place.kind === 'group') this.chat.show(model, '', `group_${place.id}`);
    this.chat.element.hidden = place.kind === 'relations' || place.kind === 'facts';
    this._past();
    refocus(focused);
  }

  /**
   * See the world as it was before a call, or as it is.
   * @param {number | undefined} seq
   */
  async look(seq) {
    this.at = seq;
    this.changes.forget();
    if (this.app.view !== this.name) this.app.turn(this.name);
    else await this.refresh();
  }

  _past() {
    const { at } = this;
    this.past.hidden = at === undefined;
    this.element.classList.toggle('is-past', at !== undefined);
    if (at === undefined) return;
    fill(
      this.past,
      h('span', null, t('past.before', { n: at, time: fullTime(this.model.ms) })),
      button(t('past.entry', { n: at }), () => this.app.go(at), { class: 'link' }),
      button(t('past.back'), () => this.app.travel?.(at), { class: 'danger', title: t('past.backHow') }),
      button(t('past.now'), () => this.look(undefined), { class: 'first' }),
    );
  }
}

/** What has the focus, by a key that outlives being made anew. */
function focusKey() {
  const element = document.activeElement;
  return element instanceof HTMLElement ? element.dataset.key : undefined;
}

/** @param {string | undefined} key */
function refocus(key) {
  if (!key) return;
  const found = [...document.querySelectorAll('[data-key]')].find((one) => /** @type {HTMLElement} */ (one).dataset.key === key);
  if (found instanceof HTMLElement && found !== document.activeElement) found.focus({ preventScroll: true });
}
