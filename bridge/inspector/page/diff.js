/**
 * How two values differ, path by path.
 * @module
 */

/** @typedef {{path: string, kind: 'added' | 'removed' | 'changed', before?: any, after?: any}} Difference */

/**
 * List the differences of two values; list items are compared by their place.
 * @param {any} before
 * @param {any} after
 * @param {string} [path]
 * @returns {Difference[]}
 */
export function differences(before, after, path = '') {
  if (Object.is(before, after)) return [];
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, kind: 'changed', before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const at = Array.isArray(before) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
    if (!(key in before)) return [{ path: at, kind: /** @type {const} */ ('added'), after: after[key] }];
    if (!(key in after)) return [{ path: at, kind: /** @type {const} */ ('removed'), before: before[key] }];
    return differences(before[key], after[key], at);
  });
}

/** @param {any} value */
function isTree(value) {
  return value !== null && typeof value === 'object';
}
