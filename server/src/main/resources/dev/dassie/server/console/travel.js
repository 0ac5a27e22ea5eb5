// Goes from page to page within one document: styles, scripts and the connection for changes stay, and
// what a page shows is put in place of what the last one showed. Each has its own address as before, and
// whatever is no page of this very version of the server is left to the browser.
"use strict";

const ASSETS = new URL(".", document.currentScript.src).pathname;

/* After so many milliseconds a sign says that a page is on its way. */
const SIGN = 300;

/* So long what was asked for ahead of a click is taken for it. */
const FRESH = 1500;

let journey = null;
let ahead = null;
let shown = here();

function page(address) {
  const url = new URL(address, location.href);
  return url.origin === location.origin && !url.pathname.startsWith("/api/") ? url : null;
}

/* Where a plain click leads, if it leads to another page here. */
function linked(event) {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.hasAttribute("download") || link.hasAttribute("target")) {
    return null;
  }
  const url = page(link.getAttribute("href"));
  const within = url?.hash && url.pathname + url.search === here();
  return within ? null : url;
}

function ask(url, signal) {
  return fetch(url.pathname + url.search, { headers: { Accept: "text/html" }, signal });
}

/* The reply that was asked for when the button of the mouse went down. */
function asked(url) {
  const fits = ahead?.address === url.href && performance.now() - ahead.at < FRESH;
  const reply = fits ? ahead.reply : null;
  if (!fits) {
    ahead?.stop.abort();
  }
  ahead = null;
  return reply;
}

/* How a page is gone to: by a step forward, or back to one of the history at the height it was left. */
async function travel(url, back, y) {
  journey?.abort();
  const mine = new AbortController();
  journey = mine;
  const late = setTimeout(() => { document.body.dataset.travels = "yes"; }, SIGN);
  try {
    const reply = await (asked(url) ?? ask(url, mine.signal));
    if (reply.headers.get("Dassie-Page") !== ASSETS) {
      reply.body?.cancel();
      throw new Error("no page of this version");
    }
    const text = await reply.text();
    if (journey === mine) {
      const arrived = new URL(reply.url);
      arrived.hash = url.hash;
      arrive(new DOMParser().parseFromString(text, "text/html"), arrived, back, y);
    }
  } catch {
    if (journey === mine) {
      mine.abort();
      if (back) {
        location.reload();
      } else {
        location.assign(url);
      }
    }
  } finally {
    clearTimeout(late);
    if (journey === mine) {
      journey = null;
      delete document.body.dataset.travels;
    }
  }
}

function arrive(next, url, back, y) {
  const main = next.getElementById("main");
  if (!back) {
    history.replaceState({ y: scrollY }, "");
    const same = url.href === location.href;
    history[same ? "replaceState" : "pushState"]({ y: 0 }, "", url);
  }
  shown = here();
  document.title = next.title;
  document.body.dataset.live = next.body.dataset.live;
  document.getElementById("find").value = next.getElementById("find").defaultValue;
  for (const part of [".rail nav", ".crumbs"]) {
    document.querySelector(part).replaceWith(next.querySelector(part));
  }
  document.getElementById("main").replaceWith(main);
  dress(main);
  listen();
  main.focus({ preventScroll: true });
  const part = back ? null : document.getElementById(decodeURIComponent(url.hash.slice(1)));
  if (part) {
    part.scrollIntoView();
  } else {
    scrollTo(0, y);
  }
  document.getElementById("arrived").textContent = next.title;
}

document.addEventListener("pointerdown", (event) => {
  const url = linked(event);
  ahead?.stop.abort();
  ahead = null;
  if (url) {
    const stop = new AbortController();
    ahead = { address: url.href, at: performance.now(), reply: ask(url, stop.signal), stop };
    ahead.reply.catch(() => {});
  }
});

document.addEventListener("click", (event) => {
  const url = event.defaultPrevented ? null : linked(event);
  if (url) {
    event.preventDefault();
    travel(url, false, 0);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const from = event.submitter;
  const method = from?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
  if (event.defaultPrevented || method.toLowerCase() !== "get" || form.hasAttribute("target")) {
    return;
  }
  const url = page(from?.getAttribute("formaction") ?? form.getAttribute("action") ?? here());
  if (url) {
    event.preventDefault();
    url.search = new URLSearchParams(new FormData(form, from)).toString();
    travel(url, false, 0);
  }
});

addEventListener("popstate", (event) => {
  if (here() !== shown) {
    travel(new URL(location.href), true, event.state?.y ?? 0);
  }
});

/* Of pages that are put in place the browser does not know how far they were read; of others it does. */
history.scrollRestoration = "manual";
document.addEventListener("scrollend", () => {
  if (here() === shown) {
    history.replaceState({ ...history.state, y: scrollY }, "");
  }
});
addEventListener("pagehide", () => { history.scrollRestoration = "auto"; });
addEventListener("pageshow", () => { history.scrollRestoration = "manual"; });
