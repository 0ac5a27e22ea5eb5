// A small picture of a graph that is larger than its place, with the part that is shown; what is clicked
// in it is shown.
"use strict";

/* Pixels of the picture at most. */
const PICTURE = 180;

function drawn(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function boxes(graph, which) {
  return [...graph.querySelectorAll(which)]
    .map((node) => `M${node.getAttribute("transform").match(/[0-9]+,[0-9]+/)}h184v48h-184z`)
    .join("");
}

function overview(graph) {
  const place = graph.closest(".overview");
  place?.querySelector(".mini")?.remove();
  if (!place || (graph.scrollWidth <= graph.clientWidth + 1 && graph.scrollHeight <= graph.clientHeight + 1)) {
    return;
  }
  const whole = graph.querySelector("svg").viewBox.baseVal;
  const scale = Math.min(PICTURE / whole.width, PICTURE / whole.height);
  const mini = drawn("svg", {
    class: "mini", "aria-hidden": "true", viewBox: `0 0 ${whole.width} ${whole.height}`,
    width: Math.max(24, whole.width * scale), height: Math.max(24, whole.height * scale),
    preserveAspectRatio: "none",
  });
  const bad = ".node.failed, .node.unrunnable";
  mini.append(drawn("path", { class: "boxes", d: boxes(graph, ".node") }));
  mini.append(drawn("path", { class: "boxes bad", d: boxes(graph, bad) }));
  const seen = drawn("rect", { class: "seen" });
  mini.append(seen);
  place.append(mini);
  const shows = () => {
    const by = whole.width / graph.scrollWidth;
    seen.setAttribute("x", graph.scrollLeft * by);
    seen.setAttribute("y", graph.scrollTop * by);
    seen.setAttribute("width", graph.clientWidth * by);
    seen.setAttribute("height", graph.clientHeight * by);
  };
  shows();
  graph.onscroll = shows;
  const goes = (event) => {
    const at = mini.getBoundingClientRect();
    const x = (event.clientX - at.x) / at.width;
    const y = (event.clientY - at.y) / at.height;
    graph.scrollTo(x * graph.scrollWidth - graph.clientWidth / 2, y * graph.scrollHeight - graph.clientHeight / 2);
  };
  mini.addEventListener("pointerdown", (event) => {
    mini.setPointerCapture(event.pointerId);
    goes(event);
  });
  mini.addEventListener("pointermove", (event) => {
    if (event.buttons > 0) {
      goes(event);
    }
  });
}
