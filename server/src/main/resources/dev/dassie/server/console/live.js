// What a datum writes, shown while it runs.
"use strict";

/* So many letters are kept; those before them are in the log when the datum has ended. */
const KEPT = 400000;

let writes = null;

function watches(main) {
  writes?.close();
  writes = null;
  const log = main.querySelector("pre[data-source]");
  if (!log) {
    return;
  }
  writes = new EventSource(log.dataset.source);
  writes.onmessage = (event) => {
    const { text, gap } = JSON.parse(event.data);
    const ended = isAtEnd(log);
    const all = log.textContent + (gap ? "\n[more was written than is shown here]\n" : "") + text;
    log.textContent = all.length > KEPT ? all.slice(-KEPT) : all;
    if (ended) {
      log.scrollTop = log.scrollHeight;
    }
  };
  // The page is another one then: with the log as it is stored.
  writes.addEventListener("end", () => {
    writes.close();
    travel(new URL(location.href), true, scrollY);
  });
}
