// Uploading. The files become one tar on the way, and one commit.
"use strict";

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

let sends = null;

function uploads(main) {
  const place = main.querySelector("#upload");
  sends = null;
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
  sends = send;
}

function over(event, on) {
  const place = document.getElementById("upload");
  if (place && event.dataTransfer?.types.includes("Files")) {
    event.preventDefault();
    place.classList.toggle("over", on);
  }
}

document.addEventListener("dragover", (event) => over(event, true));
document.addEventListener("dragleave", (event) => over(event, false));
document.addEventListener("drop", async (event) => {
  over(event, false);
  if (sends && event.dataTransfer?.types.includes("Files")) {
    sends(await dropped(event.dataTransfer));
  }
});
