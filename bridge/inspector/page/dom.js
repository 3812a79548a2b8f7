/**
 * The only place that makes elements. What people typed becomes text nodes and properties, never markup.
 * @module
 */

/** @typedef {any} Child a node, a text, a number, a list of such; null, undefined and false are left out */
/** @typedef {Record<string, any>} Props */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Make an element. Keys that begin with `on` are listeners; `class`, `data`, and ARIA's and all other names are attributes.
 * @param {string} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  set(element, props || {});
  element.append(...flat(children));
  return element;
}

/**
 * Make an element of a drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {Props} props
 */
function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'data') Object.assign(/** @type {HTMLElement} */ (element).dataset, value);
    else if (name === 'value' || name === 'checked') /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * @param {any[]} children
 * @returns {(Node | string)[]}
 */
function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Put children in the place of those that an element has.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
}

/**
 * A button with a word on it.
 * @param {string} label
 * @param {(event: Event) => void} act
 * @param {Props} [props]
 * @returns {HTMLButtonElement}
 */
export function button(label, act, props = {}) {
  return h('button', { type: 'button', ...props, onclick: act }, label);
}

/**
 * A field with its label; the label is shown unless `quiet`.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {boolean} [quiet]
 * @returns {HTMLElement}
 */
export function field(label, control, quiet = false) {
  if (quiet) {
    control.setAttribute('aria-label', label);
    return control;
  }
  return h('label', { class: 'field' }, h('span', null, label), control);
}

/**
 * A list to choose from.
 * @param {[string, string][]} choices values and what they are called
 * @param {string} chosen
 * @param {(value: string) => void} act
 * @param {Props} [props]
 * @returns {HTMLSelectElement}
 */
export function select(choices, chosen, act, props = {}) {
  const element = h('select', { ...props, onchange: (/** @type {any} */ event) => act(event.target.value) });
  for (const [value, name] of choices) element.append(h('option', { value }, name));
  element.value = chosen;
  return element;
}

/**
 * Whether a key press belongs to what somebody is writing.
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
export function isWriting(target) {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
