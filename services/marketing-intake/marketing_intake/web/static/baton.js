/* Tells Baton's forms where their visitor came from, and when they were shown. */
(() => {
  "use strict";
  const TOLD = /^(utm_(source|medium|campaign|term|content)|(g|fb)clid|msclkid|[gw]braid|li_fat_id)$/;
  const KEY = "baton_visit", DAY = 864e5, KEPT = 90 * DAY, cut = (text) => text.slice(0, 500);
  const base = document.currentScript.src.replace(/baton\.js.*/, ""), here = cut(location.href);

  const cookie = (name) => document.cookie.match("(?:^|; )" + name + "=([^;]*)")?.[1];
  const load = () => {
    let text;
    try { text = localStorage.getItem(KEY); } catch { /* forbidden */ }
    try { return JSON.parse(text || decodeURIComponent(cookie(KEY))); } catch { }
  };
  const save = (text) => {
    try { localStorage.setItem(KEY, text); } catch {
      document.cookie = `${KEY}=${encodeURIComponent(text)};path=/;samesite=lax;max-age=${KEPT / 1e3}`;
    }
  };
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => (byte + 256).toString(16).slice(1)).join("");

  // A visit from elsewhere; the first one counts, the last is told too.
  const touch = () => {
    const from = document.referrer, found = {};
    for (const [name, value] of new URLSearchParams(location.search))
      if (value && TOLD.test(name)) found[name] = cut(value);
    const isHere = !from || new URL(from).host === location.host;
    if (isHere && !Object.keys(found).length) return;
    return { ...found, referrer: cut(from), landing_page: here };
  };
  const remember = () => {
    const now = Date.now(), found = touch();
    let visit = load();
    if (!visit?.first || now - visit.at > KEPT)
      visit = { id: visit?.id || newId(), at: now, first: found || { landing_page: here } };
    if (found) visit.last = found;
    save(JSON.stringify(visit));
    return visit;
  };

  const put = (form, name, value) => {
    if (!value) return;
    const field = form.elements[name] || form.appendChild(document.createElement("input"));
    if (!field.name) Object.assign(field, { type: "hidden", name });
    field.value = value;
  };
  const stamp = async (form) => {
    if (Date.now() - (form.stampedAt || 0) < DAY / 4) return;
    form.stampedAt = Date.now();
    try {
      put(form, "_token", (await (await fetch(form.action + "/token")).json()).token);
    } catch { /* it works without */ }
  };
  const { id, first, last } = remember();
  const prepare = (form) => {
    const told = { ...first, anonymous_id: id, page_url: here };
    for (const name in last) told["last_" + name] = last[name];
    for (const name of ["fbc", "fbp"]) told[name] = cookie("_" + name);
    for (const name in told) put(form, name, told[name]);
    form.addEventListener("focusin", () => stamp(form));
    stamp(form);
  };
  const start = () => {
    for (const form of document.forms) if (form.action.startsWith(base)) prepare(form);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
