// What pages do beyond being read: follow changes, switch between light and dark, copy, upload.
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
  try {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (reply.ok) {
      replace(new DOMParser().parseFromString(await reply.text(), "text/html"));
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

function replace(page) {
  for (const old of document.querySelectorAll("[data-follow]")) {
    const now = page.getElementById(old.id);
    if (!now || now.outerHTML === old.outerHTML) {
      continue;
    }
    const focused = old.contains(document.activeElement) ? path(document.activeElement, old) : null;
    const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    const scrolled = [...old.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
    old.replaceWith(now);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    [...now.querySelectorAll(".scroll")].forEach((one, i) => { one.scrollLeft = scrolled[i] ?? 0; });
    copies(now);
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

function follow() {
  let source = null;
  const listen = () => {
    source = new EventSource("/changes");
    source.onopen = () => follows("live");
    source.onmessage = refresh;
    source.onerror = () => follows("not connected");
  };
  // A hidden page holds no connection: a browser has few of them for one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      listen();
      refresh();
    }
  });
  if (!document.hidden) {
    listen();
  }
  // Counts of what runs are no changes of state, and a connection may be lost.
  setInterval(() => {
    const busy = document.querySelector("[data-busy=yes]") !== null;
    const lost = !source || source.readyState === EventSource.CLOSED;
    if (!document.hidden && (busy || lost)) {
      if (lost) {
        source?.close();
        listen();
      }
      refresh();
    }
  }, SLOWEST);
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

theme();
copies(document);
menus();
if (document.body.dataset.live === "yes") {
  follow();
}
