// Search: `/` goes there, arrows choose, Enter opens, Escape leaves. Whatever is shown is text, never markup.
"use strict";
(() => {
  const MOST = 30;
  const field = document.getElementById("search");
  const list = document.getElementById("found");
  const count = document.getElementById("count");
  const script = document.querySelector('script[src$="words.js"]').getAttribute("src");
  const base = script.slice(0, script.length - "words.js".length);
  const rows = (window.WORDS || []).map(([name, kind, place, more]) => ({
    name, kind, place: base + place, low: name.toLowerCase(), more: more.toLowerCase(),
  }));
  let chosen = -1;

  const rank = (row, word) => {
    if (row.low === word) return 0;
    if (row.low.startsWith(word)) return 1;
    const at = row.low.indexOf(word);
    if (at >= 0) return 2 + at / 100;
    return row.more.includes(word) ? 9 : -1;
  };

  const find = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const found = [];
    for (const row of rows) {
      const ranks = words.map((word) => rank(row, word));
      if (ranks.every((one) => one >= 0)) found.push([Math.max(...ranks), row]);
    }
    found.sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length || (a[1].name < b[1].name ? -1 : 1));
    return found.map((one) => one[1]);
  };

  const choose = (at) => {
    const items = list.children;
    if (!items.length) return;
    chosen = (at + items.length) % items.length;
    [...items].forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
    field.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const open = (row) => {
    close();
    field.value = "";
    count.textContent = "";
    window.location.href = row.place;
  };

  const show = () => {
    const found = find(field.value);
    close();
    count.textContent = field.value.trim() ? `${found.length} found` : "";
    if (!found.length) return;
    found.slice(0, MOST).forEach((row, n) => {
      const item = document.createElement("li");
      item.id = `found-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = row.name;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = ` ${row.kind}`;
      item.append(name, kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); open(row); });
      item.row = row;
      list.append(item);
    });
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    choose(0);
  };

  field.addEventListener("input", show);
  field.addEventListener("blur", close);
  field.addEventListener("focus", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) open(list.children[chosen].row);
    else if (event.key === "Escape") { field.value = ""; count.textContent = ""; close(); field.blur(); return; }
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const inText = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !inText && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });
})();
