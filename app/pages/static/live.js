// Asks for the view again while somebody looks at it, and replaces only the parts that differ.

const EVERY = 4000; // milliseconds
const SLOWEST = 60000;

function fragmentUrl() {
  const url = new URL(location.href);
  url.searchParams.set("fragment", "1");
  url.hash = "";
  return url;
}

// A part that is being worked with stays as it is: an answer must not take away what was typed.
function isBusy(part) {
  const active = document.activeElement;
  const typing = active && part.contains(active) && active.matches("input, select, textarea");
  return typing || part.querySelector("[data-changed]") !== null;
}

function keepOpen(old, fresh) {
  for (const details of old.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = true;
  }
  for (const chosen of old.querySelectorAll("input[data-choice]:checked")) {
    const same = fresh.querySelector(`input[data-choice][value="${CSS.escape(chosen.value)}"]`);
    if (same) same.checked = true;
  }
}

function focusedIn(part) {
  const active = document.activeElement;
  if (!active || !part.contains(active)) return null;
  const all = [...part.querySelectorAll("a, button, summary, input")];
  return { id: active.id, index: all.indexOf(active) };
}

function focusAgain(part, focused) {
  if (!focused) return;
  const all = [...part.querySelectorAll("a, button, summary, input")];
  const found = (focused.id && document.getElementById(focused.id)) || all[focused.index];
  if (found) found.focus({ preventScroll: true });
}

// The parts of a view by their ids, as the server has written them.
export function partsOf(view) {
  return new Map([...view.querySelectorAll("[data-part]")].map((part) => [part.id, part.outerHTML]));
}

// Some parts are no more, or there are others now: the whole view is another.
function replaceAll(fresh, texts, known, prepare) {
  const main = document.querySelector("main");
  if (isBusy(main)) return;
  known.clear();
  for (const [id, text] of texts) known.set(id, text);
  main.replaceChildren(...[...fresh.body.childNodes].map((node) => document.importNode(node, true)));
  prepare(main);
}

function replaceParts(html, known, prepare) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const texts = partsOf(fresh);
  if ([...texts.keys()].join(" ") !== [...known.keys()].join(" ")) return replaceAll(fresh, texts, known, prepare);
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const here = document.getElementById(part.id);
    const text = part.outerHTML;
    if (!here || known.get(part.id) === text || isBusy(here)) continue;
    known.set(part.id, text);
    keepOpen(here, part);
    const focused = focusedIn(here);
    const scrolled = [...here.querySelectorAll("[data-scrolls]")].map((e) => [e.scrollLeft, e.scrollTop]);
    const imported = document.importNode(part, true);
    here.replaceWith(imported);
    prepare(imported);
    imported.querySelectorAll("[data-scrolls]").forEach((element, index) => {
      if (scrolled[index]) [element.scrollLeft, element.scrollTop] = scrolled[index];
    });
    focusAgain(imported, focused);
  }
}

let refreshNow = () => location.reload();

// Shows at once what an act has changed.
export function refresh() {
  return refreshNow();
}

export function watch(main, known, prepare) {
  let etag = null;
  let pause = EVERY;
  let isGone = false;

  async function ask() {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(fragmentUrl(), { headers, cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      isGone = true;
      return;
    }
    pause = answer.ok || answer.status === 304 ? EVERY : Math.min(pause * 2, SLOWEST);
    if (answer.status !== 200) return;
    etag = answer.headers.get("ETag");
    replaceParts(await answer.text(), known, prepare);
  }

  async function tick() {
    if (!document.hidden && !document.querySelector("dialog[open]")) {
      try {
        await ask();
      } catch {
        pause = Math.min(pause * 2, SLOWEST);
      }
    }
    if (!isGone) setTimeout(tick, pause);
  }

  if ("live" in main.dataset) {
    refreshNow = () => ask().catch(() => location.reload());
    setTimeout(tick, pause);
  }
}
