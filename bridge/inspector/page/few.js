/**
 * Lists that may be long: the first entries, and more when they are asked for.
 * @module
 */
import { button, h } from './dom.js';
import { t } from './texts.js';

export const FEW = 200;

/**
 * @template T
 * @param {import('./worldview.js').WorldView} view
 * @param {string} key names the list, so that it stays as long as somebody has made it
 * @param {T[]} items
 * @param {(item: T) => any} show makes the entry of an item
 * @param {(item: T) => boolean} [wanted] what is shown wherever it stands
 * @returns {any[]}
 */
export function few(view, key, items, show, wanted = () => false) {
  const most = view.lengths.get(key) ?? FEW;
  if (items.length <= most) return items.map(show);
  const shown = items.filter((item, place) => place < most || wanted(item));
  const more = () => {
    view.lengths.set(key, most * 2);
    view.draw();
  };
  return [...shown.map(show), h('li', null, button(t('value.more', { n: items.length - shown.length }), more, { class: 'quiet', data: { key: `more ${key}` } }))];
}
