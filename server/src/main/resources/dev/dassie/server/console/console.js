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
  const whole = graph.querySelector("svg").viewBox.baseVal;
  const fitting = Math.min(graph.clientWidth / whole.width, (innerHeight * 0.75) / whole.height);
  const wanted = word === "fit" ? Math.min(100, Math.floor(fitting * 100)) : Number(word) || 100;
  return Math.min(LARGEST, Math.max(SMALLEST, wanted));
}

function graphs() {
  for (const graph of document.querySelectorAll(".graph.zoomed")) {
    const svg = graph.querySelector("svg");
    const scale = percent(graph, zoom()) / 100;
    svg.setAttribute("width", Math.round(svg.viewBox.baseVal.width * scale));
    svg.setAttribute("height", Math.round(svg.viewBox.baseVal.height * scale));
    const bar = document.querySelector(".zoom");
    if (bar) {
      bar.hidden = false;
    }
  }
}

function zoomBy(word) {
  const graph = document.querySelector(".graph.zoomed");
  const now = percent(graph, zoom());
  const next = { in: Math.round(now * 1.25), out: Math.round(now / 1.25) }[word] ?? word;
  const address = new URL(location.href);
  address.searchParams.set("zoom", next);
  history.replaceState(null, "", address);
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

/* Uploading. The files become one tar on the way, and one commit. */

function tarText(block, offset, text) {
  block.set(new TextEncoder().encode(text), offset);
}

function tarHeader(name, size, type) {
  const block = new Uint8Array(512);
  tarText(block, 0, name);
  tarText(block, 100, "0000644");
  tarText(block, 108, "0000000");
  tarText(block, 116, "0000000");
  // Of more than 8 GiB the extended header says the size.
  tarText(block, 124, (size < 8 ** 11 ? size : 0).toString(8).padStart(11, "0"));
  tarText(block, 136, "00000000000");
  tarText(block, 148, "        ");
  tarText(block, 156, type);
  tarText(block, 257, "ustar\u000000");
  const sum = block.reduce((all, byte) => all + byte, 0);
  tarText(block, 148, sum.toString(8).padStart(6, "0") + "\u0000 ");
  return block;
}

function tarRecord(key, value) {
  const rest = new TextEncoder().encode(` ${key}=${value}\n`).length;
  let length = rest + 1;
  while (String(length).length + rest !== length) {
    length = String(length).length + rest;
  }
  return `${length} ${key}=${value}\n`;
}

function padding(size) {
  return new Uint8Array((512 - (size % 512)) % 512);
}

/* A tar (POSIX, pax) of files: a blob reads them only as it is sent. */
function tar(files) {
  const parts = [];
  for (const [path, file] of files) {
    const more = new TextEncoder().encode(tarRecord("path", path) + tarRecord("size", file.size));
    parts.push(tarHeader("pax", more.length, "x"), more, padding(more.length));
    parts.push(tarHeader("file", file.size, "0"), file, padding(file.size));
  }
  parts.push(new Uint8Array(1024));
  return new Blob(parts);
}

/* The files of what was dropped, those in folders too. */
async function dropped(transfer) {
  const files = [];
  const visit = async (entry, folder) => {
    if (entry.isFile) {
      const file = await new Promise((found, failed) => entry.file(found, failed));
      files.push([folder + entry.name, file]);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((found, failed) => reader.readEntries(found, failed));
      if (some.length === 0) {
        return;
      }
      for (const one of some) {
        await visit(one, folder + entry.name + "/");
      }
    }
  };
  // What was dropped is there only until the first wait.
  const all = [...transfer.items].map((item) => [item.webkitGetAsEntry(), item.getAsFile()]);
  for (const [entry, file] of all) {
    if (entry) {
      await visit(entry, "");
    } else if (file) {
      files.push([file.name, file]);
    }
  }
  return files;
}

function uploads() {
  const place = document.getElementById("upload");
  if (!place) {
    return;
  }
  place.hidden = false;
  const says = place.querySelector("[role=status]");
  const send = async (files) => {
    if (files.length === 0) {
      return;
    }
    says.textContent = `Sending ${files.length} ${files.length === 1 ? "file" : "files"}…`;
    try {
      const reply = await fetch(place.dataset.to, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-tar",
          "Idempotency-Key": crypto.randomUUID?.() ?? String(Math.random()).slice(2),
        },
        body: tar(files),
      });
      const answer = await reply.json();
      if (!reply.ok) {
        says.textContent = `${answer.detail} ${answer.hint ?? ""}`;
        return;
      }
      says.textContent = `Put as commit ${answer.id.slice(0, 12)}.`;
      refresh();
    } catch (problem) {
      says.textContent = `The upload broke off: ${problem.message}. Nothing was put.`;
    }
  };
  place.querySelector("input").addEventListener("change", (event) => {
    send([...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]));
    event.target.value = "";
  });
  const over = (on) => (event) => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      place.classList.toggle("over", on);
    }
  };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", async (event) => {
    over(false)(event);
    if (event.dataTransfer?.types.includes("Files")) {
      send(await dropped(event.dataTransfer));
    }
  });
}

theme();
uploads();
copies(document);
menus();
graphs();
zooming();
searching();
tails(document, true);
if (document.body.dataset.live === "yes") {
  follow();
}
