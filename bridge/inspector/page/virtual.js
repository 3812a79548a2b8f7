/**
 * A list of any length of which only what can be seen is made; rows are made once and filled again.
 * @module
 */
import { h } from './dom.js';

const SPARE = 6;

export class VirtualList {
  /**
   * @param {HTMLElement} scroller what scrolls; rows are its options
   * @param {number} height of a row, in pixels
   * @param {() => HTMLElement} make makes an empty row
   * @param {(row: any, index: number) => void} show fills a row
   */
  constructor(scroller, height, make, show) {
    this.scroller = scroller;
    this.height = height;
    this.make = make;
    this.show = show;
    this.count = 0;
    /** @type {HTMLElement[]} */
    this.rows = [];
    /** @type {number[]} */
    this.shown = [];
    this.sized = h('div', { class: 'sized', role: 'presentation' });
    scroller.append(this.sized);
    this.asked = false;
    scroller.addEventListener('scroll', () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroller);
  }

  /**
   * Say how long the list is; everything is filled anew.
   * @param {number} count
   */
  resize(count) {
    this.count = count;
    this.sized.style.height = `${count * this.height}px`;
    this.shown = [];
    this.draw();
  }

  /** Fill all rows anew: what they show has changed. */
  refresh() {
    this.shown = [];
    this.draw();
  }

  /** Whether the end can be seen. */
  get atEnd() {
    const { scrollTop, clientHeight } = this.scroller;
    return scrollTop + clientHeight >= this.count * this.height - this.height;
  }

  /** Go to the end. */
  toEnd() {
    this.scroller.scrollTop = this.count * this.height;
    this.draw();
  }

  /**
   * Bring a row into sight, by no more than is needed.
   * @param {number} index
   */
  reveal(index) {
    const { scrollTop, clientHeight } = this.scroller;
    const top = index * this.height;
    if (top < scrollTop) this.scroller.scrollTop = top - this.height;
    else if (top + this.height > scrollTop + clientHeight) this.scroller.scrollTop = top + 2 * this.height - clientHeight;
    this.draw();
  }

  /** Fill the rows that can be seen and are not yet. */
  draw() {
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(Math.floor(scrollTop / this.height) - SPARE, 0);
    const last = Math.min(Math.ceil((scrollTop + clientHeight) / this.height) + SPARE, this.count);
    const size = Math.max(last - first, 0);
    while (this.rows.length < size) {
      const row = this.make();
      row.style.height = `${this.height}px`;
      this.rows.push(row);
      this.sized.append(row);
    }
    const used = new Set();
    for (let index = first; index < last; index += 1) {
      const at = index % this.rows.length;
      used.add(at);
      if (this.shown[at] === index) continue;
      const row = this.rows[at];
      row.hidden = false;
      row.style.transform = `translateY(${index * this.height}px)`;
      this.show(row, index);
      this.shown[at] = index;
    }
    this.rows.forEach((row, at) => {
      if (used.has(at) || row.hidden) return;
      row.hidden = true;
      this.shown[at] = -1;
    });
  }

  /**
   * Return the row that shows an index, where it can be seen.
   * @param {number} index
   * @returns {HTMLElement | undefined}
   */
  rowOf(index) {
    const at = this.shown.indexOf(index);
    return at < 0 ? undefined : this.rows[at];
  }
}
