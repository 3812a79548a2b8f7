/**
 * What the parts of the page share: the connection, the journal, the views, and what was said last.
 * @module
 */
import { Api } from './api.js';
import { Detail } from './detail.js';
import { fill, h } from './dom.js';
import { Hands } from './hands.js';
import { Journal } from './journal.js';
import { Selection } from './selection.js';
import { t } from './texts.js';
import { Timeline } from './timeline.js';

/** @typedef {{name: string, element: HTMLElement, shown?: () => void, keys?: (event: KeyboardEvent) => boolean}} View */

export class App {
  /** @param {Location} location */
  constructor(location) {
    this.journal = new Journal();
    this.api = new Api(location, () => this._greeted());
    this.api.onEntries(({ entries, cut }) => this.journal.add(entries, cut));
    this.api.onChanged(() => this.changed());
    this.timeline = new Timeline(this.journal, (entry) => this._picked(entry), () => this.selection.refresh());
    this.detail = new Detail(this);
    this.selection = new Selection(this);
    this.status = /** @type {HTMLElement} */ (document.getElementById('status'));
    /** @type {View[]} */
    this.views = [];
    this.view = '';
    /** @type {((seq: number) => void) | undefined} */
    this.onlook = undefined;
    /** @type {((numbers: number[]) => void) | undefined} */
    this.out = undefined;
    /** @type {((seq: number) => void) | undefined} */
    this.travel = undefined;
    /** @type {(() => void) | undefined} the world is as it was: what was looked at is the present */
    this.returned = undefined;
    /** @type {import('./model.js').Model | undefined} the world at the last look */
    this.model = undefined;
    /** @type {((model: import('./model.js').Model) => void)[]} */
    this.looked = [];
    this.hands = new Hands(this);
    /** @type {((view: string) => void)[]} */
    this.turned = [];
    const element = h('div', { class: 'split' }, h('div', { class: 'column' }, this.timeline.element, this.selection.element), this.detail.element);
    this.addView({ name: 'timeline', element, shown: () => this.timeline.list.draw() });
  }

  /** @param {View} view */
  addView(view) {
    view.element.hidden = true;
    view.element.id = `view-${view.name}`;
    this.views.push(view);
    /** @type {HTMLElement} */ (document.getElementById('views')).append(view.element);
  }

  /** @param {string} name */
  turn(name) {
    this.view = name;
    for (const view of this.views) view.element.hidden = view.name !== name;
    this.views.find((view) => view.name === name)?.shown?.();
    this.turned.forEach((act) => act(name));
  }

  /** The connection is there: take what was missed. A world that began anew has smaller numbers. */
  async _greeted() {
    const { entries, cut } = await this.api.watch(0);
    this.journal.clear();
    this.journal.add(entries, cut);
  }

  /**
   * Look at another world.
   * @param {string} world
   */
  async enter(world) {
    await this.attempt(async () => {
      await this.api.attach(world);
      this.timeline.unselect();
      this.closeDetail();
      await this._greeted();
      this.turn(this.view);
    });
  }

  /** The world may be another without any entry that says so: look again. */
  changed() {
    this.views.find((view) => view.name === this.view)?.shown?.();
  }

  /**
   * Show an entry in the timeline.
   * @param {number} seq
   */
  go(seq) {
    if (this.view !== 'timeline') this.turn('timeline');
    this.timeline.go(seq);
  }

  /**
   * Show what somebody did and heard.
   * @param {string} user
   */
  showUser(user) {
    this._showFiltered({ user });
  }

  /**
   * Show the whole calls in which a text stands.
   * @param {string} text
   */
  showText(text) {
    this._showFiltered({ text: text.includes(' ') ? `"${text}"` : text, together: true });
  }

  /** @param {Partial<import('./filters.js').Filter>} change */
  _showFiltered(change) {
    this.turn('timeline');
    this.timeline.only(change);
  }

  /** @param {import('./journal.js').Entry | undefined} entry */
  _picked(entry) {
    this.detail.show(entry);
    this.detail.element.classList.add('open');
  }

  /** Leave the detail pane. */
  closeDetail() {
    this.detail.element.classList.remove('open');
    this.detail.show(undefined);
    this.timeline.scroller.focus();
  }

  /**
   * See the world as it was before a call; the world view says how.
   * @param {number} seq
   */
  lookBefore(seq) {
    this.onlook?.(seq);
  }

  /**
   * Say something at the foot of the page.
   * @param {any} words
   * @param {'' | 'good' | 'bad'} [tone]
   */
  say(words, tone = '') {
    fill(this.status, h('span', { class: tone }, words));
  }

  /**
   * Do something that may be refused, and say what came of it.
   * @template T
   * @param {() => Promise<T>} act
   * @param {string} [done]
   * @returns {Promise<T | undefined>}
   */
  async attempt(act, done) {
    try {
      const result = await act();
      if (done) this.say(done, 'good');
      return result;
    } catch (error) {
      this.say(/** @type {Error} */ (error).message, 'bad');
      return undefined;
    }
  }

  /** @param {string} text */
  async copy(text) {
    await this.attempt(() => navigator.clipboard.writeText(text), t('copied'));
  }
}
