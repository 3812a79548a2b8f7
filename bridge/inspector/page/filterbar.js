/**
 * Search, switches of kinds, users and devices, pause and follow, above the timeline.
 * @module
 */
import { button, fill, h, select } from './dom.js';
import { KINDS, kindOf, unfiltered } from './filters.js';
import { deviceName } from './journal.js';
import { t } from './texts.js';

export class FilterBar {
  /** @param {import('./timeline.js').Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.element = h('div', { class: 'filters', role: 'search' });
    this.seen = '';
    /** @type {Record<string, any>} */
    this.parts = {};
    this.make();
  }

  /** Make everything anew: the filter was changed from outside. */
  rebuild() {
    this.make();
    this.refresh();
  }

  /** Make everything. */
  make() {
    const { filter } = this.timeline;
    /** @type {HTMLInputElement} */
    this.search = h('input', {
      type: 'search', class: 'search', placeholder: t('filter.search'), 'aria-label': t('filter.search'), title: t('filter.how'), value: filter.text, spellcheck: 'false',
      oninput: () => this.timeline.narrow({ text: this.search.value }),
    });
    this.parts.kinds = h('div', { class: 'kinds', role: 'group', 'aria-label': t('filter.kinds') });
    this.parts.switches = KINDS.map((kind) => {
      const one = button(t(`kind.${kind}`), () => this._switch(kind), { class: `kind k-${kind}`, 'aria-pressed': 'true' });
      this.parts.kinds.append(one);
      return one;
    });
    this.parts.users = h('span', { class: 'slot' });
    this.parts.devices = h('span', { class: 'slot' });
    this.parts.together = button(t('filter.together'), () => this.timeline.narrow({ together: !this.timeline.filter.together }), { title: t('filter.togetherHow') });
    this.parts.paused = button('', () => this.timeline.pause(!this.timeline.paused));
    this.parts.follows = button(t('filter.follow'), () => this.timeline.follow(!this.timeline.follows), { title: t('filter.followHow') });
    this.parts.clear = button(t('filter.clear'), () => this.reset(), { class: 'quiet' });
    this.parts.count = h('span', { class: 'count' });
    this.seen = '';
    const { users, devices, kinds, together, clear, count, paused, follows } = this.parts;
    fill(this.element, h('div', { class: 'acts' }, this.search, users, devices, h('span', { class: 'spring' }), count, paused, follows), h('div', { class: 'acts' }, kinds, together, clear));
  }

  /** Let everything through again. */
  reset() {
    this.timeline.filter = unfiltered();
    this.rebuild();
    this.timeline.update();
  }

  /** @param {string} kind */
  _switch(kind) {
    const hidden = new Set(this.timeline.filter.hidden);
    if (!hidden.delete(kind)) hidden.add(kind);
    this.timeline.narrow({ hidden });
  }

  /** Show how things stand. */
  refresh() {
    const { filter, visible, journal, paused, follows, held } = this.timeline;
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const entry of journal.entries) counts.set(kindOf(entry), (counts.get(kindOf(entry)) || 0) + 1);
    KINDS.forEach((kind, at) => {
      const count = counts.get(kind) || 0;
      this.parts.switches[at].hidden = !count && !filter.hidden.has(kind);
      this.parts.switches[at].setAttribute('aria-pressed', String(!filter.hidden.has(kind)));
      fill(this.parts.switches[at], t(`kind.${kind}`), h('span', { class: 'n' }, count));
    });
    this.parts.together.setAttribute('aria-pressed', String(filter.together));
    this.parts.paused.setAttribute('aria-pressed', String(paused));
    fill(this.parts.paused, held ? t('filter.pausedBy', { n: held }) : t('filter.pause'));
    this.parts.follows.setAttribute('aria-pressed', String(follows));
    this.parts.clear.hidden = visible.length === journal.entries.length && !filter.text;
    fill(this.parts.count, visible.length === journal.entries.length ? t('filter.all', { n: visible.length }) : t('filter.some', { n: visible.length, all: journal.entries.length }), journal.cut ? ` ${t('filter.cut')}` : '');
    this._choices();
  }

  /** Offer users and devices that there are; the lists are left alone while nothing is new. */
  _choices() {
    const { filter, journal } = this.timeline;
    const users = [...new Set(journal.entries.map((entry) => entry.user || '').filter(Boolean))].sort();
    const devices = [...journal.devices].filter((device) => !device.startsWith('~')).sort();
    const seen = JSON.stringify([users, devices, filter.user, filter.device]);
    if (seen === this.seen) return;
    this.seen = seen;
    fill(this.parts.users, select([['', t('filter.anyUser')], ...users.map((one) => /** @type {[string, string]} */ ([one, one]))], filter.user, (user) => this.timeline.narrow({ user }), { 'aria-label': t('filter.user') }));
    fill(this.parts.devices, select([['*', t('filter.anyDevice')], ...devices.map((one) => /** @type {[string, string]} */ ([one, deviceName(one, t('device.own'))]))], filter.device, (device) => this.timeline.narrow({ device }), { 'aria-label': t('filter.device') }));
  }
}
