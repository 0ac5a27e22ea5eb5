// What pages do beyond being read: follow changes, switch between light and dark, copy, find.
"use strict";

const SLOWEST = 5000;

/* Light and dark. */

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function theme() {
  const button = document.getElementById("theme");
  const label = () => {
    button.querySelector("span").textContent = isDark() ? "Light" : "Dark";
  };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    label();
  });
}

/* Copying. */

function copies(within) {
  if (!navigator.clipboard) {
    return;
  }
  for (const button of within.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1200);
    };
  }
}

/* Following. A part of a page that is marked is asked for again when something changed, and put in
   place of what is there where it differs. */

let asking = false;
let again = false;

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  const asked = here();
  try {
    const reply = await fetch(asked, { headers: { Accept: "text/html" } });
    const text = reply.ok ? await reply.text() : null;
    // Meanwhile the reader may have gone on.
    if (text !== null && asked === here()) {
      replace(new DOMParser().parseFromString(text, "text/html"));
    }
  } catch {
    follows("not connected");
  } finally {
    asking = false;
  }
  if (again) {
    again = false;
    setTimeout(refresh, 500);
  }
}

/* The page that is shown, whatever part of it the address names. */
function here() {
  return location.pathname + location.search;
}

function replace(page) {
  for (const old of document.querySelectorAll("[data-follow]")) {
    const now = page.getElementById(old.id);
    if (!now || now.outerHTML === old.outerHTML) {
      continue;
    }
    const focused = old.contains(document.activeElement) ? path(document.activeElement, old) : null;
    const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    const ended = [...old.querySelectorAll("[data-tail=yes]")].every(isAtEnd);
    const scrolled = [...old.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
    old.replaceWith(now);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    [...now.querySelectorAll(".scroll")].forEach((one, i) => { one.scrollLeft = scrolled[i] ?? 0; });
    copies(now);
    graphs();
    tails(now, ended);
    if (focused) {
      focused.reduce((at, i) => at?.children[i], now)?.focus({ preventScroll: true });
    }
  }
}

function path(element, root) {
  const steps = [];
  for (let at = element; at !== root; at = at.parentElement) {
    steps.unshift([...at.parentElement.children].indexOf(at));
  }
  return steps;
}

function follows(word) {
  const sign = document.getElementById("follows");
  sign.hidden = false;
  sign.dataset.word = word;
  sign.textContent = word;
}

let source = null;

/* Whether it listens fits what is shown. A hidden page holds no connection: a browser has few of them
   for one server. */
function listen() {
  const wanted = document.body.dataset.live === "yes" && !document.hidden;
  if (!wanted) {
    source?.close();
    source = null;
    document.getElementById("follows").hidden = true;
  } else if (!source || source.readyState === EventSource.CLOSED) {
    source = new EventSource("/changes");
    source.onopen = () => follows("live");
    source.onmessage = refresh;
    source.onerror = () => follows("not connected");
  }
}

function following() {
  document.addEventListener("visibilitychange", () => {
    listen();
    if (source) {
      refresh();
    }
  });
  listen();
  // Counts of what runs are no changes of state, and a connection may be lost.
  setInterval(() => {
    const busy = document.querySelector("[data-busy=yes]") !== null;
    const lost = source?.readyState === EventSource.CLOSED;
    if (source && (busy || lost)) {
      listen();
      refresh();
    }
  }, SLOWEST);
}

/* A log is shown from its end, and stays there while it grows. */

function isAtEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}

function tails(within, wanted) {
  if (wanted) {
    for (const log of within.querySelectorAll("[data-tail=yes]")) {
      log.scrollTop = log.scrollHeight;
    }
  }
}

/* Graphs are made larger and smaller. How large stands in the address. */

const LARGEST = 300;
const SMALLEST = 10;

function zoom() {
  return new URLSearchParams(location.search).get("zoom") ?? "100";
}

/* The percentage that a word or number stands for here. */
function percent(graph, word) {
  let wanted = Number(word) || 100;
  if (word === "fit") {
    const whole = graph.querySelector("svg").viewBox.baseVal;
    const fitting = Math.min(graph.clientWidth / whole.width, (innerHeight * 0.75) / whole.height);
    wanted = Math.min(100, Math.floor(fitting * 100));
  }
  return Math.min(LARGEST, Math.max(SMALLEST, wanted));
}

function graphs() {
  for (const graph of document.querySelectorAll(".graph.zoomed")) {
    const svg = graph.querySelector("svg");
    const scale = percent(graph, zoom()) / 100;
    const width = Math.round(svg.viewBox.baseVal.width * scale);
    // As it came it is laid out already.
    if (Number(svg.getAttribute("width")) !== width) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", Math.round(svg.viewBox.baseVal.height * scale));
    }
    const bar = document.querySelector(".zoom");
    if (bar) {
      bar.hidden = false;
    }
    overview(graph);
  }
}

function zoomBy(word) {
  const graph = document.querySelector(".graph.zoomed");
  const now = percent(graph, zoom());
  const next = { in: Math.round(now * 1.25), out: Math.round(now / 1.25) }[word] ?? word;
  const address = new URL(location.href);
  address.searchParams.set("zoom", next);
  history.replaceState(history.state, "", address);
  graphs();
}

function zooming() {
  document.addEventListener("click", (event) => {
    const word = event.target.closest?.("[data-zoom]")?.dataset.zoom;
    if (word) {
      zoomBy(word);
    }
  });
  document.addEventListener("wheel", (event) => {
    if (event.ctrlKey && event.target.closest?.(".graph.zoomed")) {
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? "in" : "out");
    }
  }, { passive: false });
}

/* Searching: `/` and Ctrl-K lead to the field at the top. */

function searching() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (slash || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      const field = document.getElementById("find");
      field.focus();
      field.select();
    }
  });
}

/* Menus close when the reader goes elsewhere. */

function menus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
  });
}

/* What is new on a page gets what it needs. */
function dress(main) {
  uploads(main);
  watches(main);
  copies(main);
  graphs();
  tails(main, true);
}

theme();
menus();
zooming();
searching();
following();
dress(document.getElementById("main"));
